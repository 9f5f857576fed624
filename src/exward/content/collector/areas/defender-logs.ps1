# Defender's own log of detections and changes.

Register-Files 'defender-logs' -Rank 36 {
    Find-Recent (Join-Path $SystemDrive 'ProgramData\Microsoft\Windows Defender\Support') 'MPLog*.log' 0
}
