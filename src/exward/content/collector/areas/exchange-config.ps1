# Configuration files of Exchange. Checks W29, W31, M6.

Register-Files 'exchange-config' -Rank 30 {
    Find-Files (Join-Exchange 'TransportRoles\Shared') '*.config' 0
    Find-Files (Join-Exchange 'Bin') '*.config' 0
    Find-Files (Join-Exchange 'FIP-FS\Data') 'Configuration*.xml' 4
}
