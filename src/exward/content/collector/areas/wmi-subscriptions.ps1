# Permanent WMI subscriptions, a place where intruders stay. Check L16.

function Select-Subscriptions {
    param([string]$Space)
    foreach ($class in '__EventFilter', '__EventConsumer', '__FilterToConsumerBinding') {
        foreach ($one in @(Get-CimInstance -Namespace $Space -ClassName $class)) {
            $command = @('CommandLineTemplate', 'ExecutablePath', 'ScriptText', 'ScriptFileName' |
                    ForEach-Object { Read-Property $one $_ } | Where-Object { $_ })
            [ordered]@{
                Class = [string]$one.CimClass.CimClassName; Name = Read-Property $one 'Name'
                Query = Read-Property $one 'Query'; Command = ($command -join ' ')
                Filter = [string](Read-Property $one 'Filter'); Consumer = [string](Read-Property $one 'Consumer')
            }
        }
    }
}

Register-Area 'wmi-subscriptions' {
    Select-Subscriptions 'root\subscription'
    # Consumers may be bound in any namespace; this is the other one that intruders use.
    try { Select-Subscriptions 'root\default' }
    catch { Add-Fault ('root\default: ' + (Format-Reason $_)) }
}
