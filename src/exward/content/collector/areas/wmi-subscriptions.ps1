# Permanent WMI subscriptions, a place where intruders stay. Check L16.

Register-Area 'wmi-subscriptions' {
    foreach ($space in 'root\subscription', 'root\default') {
        foreach ($class in '__EventFilter', '__EventConsumer', '__FilterToConsumerBinding') {
            foreach ($one in @(Get-CimInstance -Namespace $space -ClassName $class)) {
                $command = @('CommandLineTemplate', 'ExecutablePath', 'ScriptText', 'ScriptFileName' |
                        ForEach-Object { Read-Property $one $_ } | Where-Object { $_ })
                [ordered]@{
                    Class = [string]$one.CimClass.CimClassName; Name = Read-Property $one 'Name'
                    Query = Read-Property $one 'Query'; Command = $command -join ' '
                    Filter = [string](Read-Property $one 'Filter'); Consumer = [string](Read-Property $one 'Consumer')
                }
            }
        }
    }
}
