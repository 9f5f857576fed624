# Role groups, roles and their assignments; audit of administrators. Checks R1, R4, R6, R7, R9, R18, L1.

Register-Cmdlet 'exchange-roles' 'Get-RoleGroup' { Get-RoleGroup -ResultSize Unlimited } -Members @(
    'Name', 'Members', 'Roles', 'ManagedBy', 'RoleAssignments', 'WhenCreatedUTC', 'WhenChangedUTC', 'DistinguishedName', 'Guid')
Register-Cmdlet 'exchange-roles' 'Get-ManagementRoleAssignment' { Get-ManagementRoleAssignment } -Members @(
    'Name', 'Role', 'RoleAssignee', 'RoleAssigneeName', 'RoleAssigneeType', 'RoleAssignmentDelegationType',
    'CustomRecipientWriteScope', 'CustomConfigWriteScope', 'RecipientWriteScope', 'ConfigWriteScope', 'Enabled', 'WhenCreatedUTC')
Register-Cmdlet 'exchange-roles' 'Get-ManagementRole' {
    # A role without a parent is built in, or a top-level one of someone's own.
    Get-ManagementRole | Where-Object { $_.Parent -or [string]$_.RoleType -eq 'UnScoped' }
} -Members @('Name', 'RoleType', 'Parent', 'IsRootRole', 'WhenCreatedUTC')
Register-Cmdlet 'exchange-roles' 'Get-RoleAssignmentPolicy' { Get-RoleAssignmentPolicy }
Register-Cmdlet 'exchange-roles' 'Get-AdminAuditLogConfig' { Get-AdminAuditLogConfig }
Register-Cmdlet 'exchange-roles' 'Get-ADPermission' {
    # Rights on whole databases.
    Get-MailboxDatabase | Get-ADPermission | Where-Object { -not [bool]$_.IsInherited }
} -Members @(
    'Identity', 'User', 'AccessRights', 'ExtendedRights', 'Properties', 'IsInherited', 'Deny', 'InheritanceType', 'InheritedObjectType')
