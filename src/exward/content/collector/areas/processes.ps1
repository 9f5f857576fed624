# Running processes with command line and account. Checks L7, L16.

Register-Area 'processes' {
    $users = @{}
    # Names of other accounts are shown to administrators only.
    try { foreach ($one in @(Get-Process -IncludeUserName)) { $users[[int]$one.Id] = $one.UserName } }
    catch { Add-Fault ('accounts of processes: ' + (Format-Reason $_)) }
    foreach ($one in @(Get-CimInstance -ClassName Win32_Process)) {
        [ordered]@{
            Id = [int]$one.ProcessId; ParentId = [int]$one.ParentProcessId; Name = [string]$one.Name
            Path = $one.ExecutablePath; CommandLine = $one.CommandLine
            User = $users[[int]$one.ProcessId]; Started = Format-Time $one.CreationDate
        }
    }
}
