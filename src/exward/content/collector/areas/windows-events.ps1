# Event logs, exported by Windows for the window of days.

Register-Events 'windows-events' -Rank 10 { Find-Channels }
