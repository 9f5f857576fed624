# SMB 1 and signing. Checks T8, T9.

Register-Area 'smb' -Single {
    $members = 'EnableSMB1Protocol', 'EnableSMB2Protocol', 'RequireSecuritySignature', 'EnableSecuritySignature', 'EncryptData'
    $row = Select-Plain (Get-SmbServerConfiguration) $members
    $row['ClientRequireSecuritySignature'] = [bool](Get-SmbClientConfiguration).RequireSecuritySignature
    $row
}
