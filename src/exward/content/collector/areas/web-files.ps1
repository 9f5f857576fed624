# Every file below the web roots with its hash: compared with what Exchange shipped. Checks W18, W26.

function Add-Owner {
    # Who owns it; nothing where that cannot be read. The SID is the same in every language.
    param($Row, $File)
    try {
        $sid = $File.GetAccessControl('Owner').GetOwner([System.Security.Principal.SecurityIdentifier])
        $Row['OwnerSid'] = $sid.Value
        $Row['Owner'] = Select-Name $sid
    }
    catch { return }
}

Register-Area 'web-files' {
    # What a server runs or browsers do; pictures are too many to ask for the owner of each.
    $served = '\.(aspx|ashx|asmx|ascx|asax|asp|asa|cer|cdx|cshtml|vbhtml|master|svc|soap|rem|php|phtml|jsp|jspx|shtml|xamlx|config|cs|vb|dll|js|html?)$'
    foreach ($root in @(Find-WebRoots)) {
        # Readers take up to 64 MiB of JSON.
        foreach ($file in Find-Files $root '*' 40 100000) {
            $row = [ordered]@{
                Path = $file.FullName; Bytes = $file.Length; Created = Format-Time $file.CreationTimeUtc
                Modified = Format-Time $file.LastWriteTimeUtc; Sha256 = Read-Digest $file.FullName
            }
            if ($file.Name -match $served) { Add-Owner $row $file }
            $row
        }
    }
}
