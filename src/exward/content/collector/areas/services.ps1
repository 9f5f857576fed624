# Windows services. Checks W9, W23, R17, L7, L16.

Register-Area 'services' {
    foreach ($service in @(Get-CimInstance -ClassName Win32_Service)) {
        [ordered]@{
            Name = [string]$service.Name; DisplayName = [string]$service.DisplayName
            State = [string]$service.State; StartMode = [string]$service.StartMode
            Account = [string]$service.StartName; PathName = [string]$service.PathName
        }
    }
}
