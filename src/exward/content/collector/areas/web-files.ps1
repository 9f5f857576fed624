# Every file below the web roots with its hash: compared with what Exchange shipped. Checks W18, W26.

Register-Area 'web-files' {
    foreach ($root in @(Find-WebRoots)) {
        # Readers take up to 64 MiB of JSON.
        foreach ($file in Find-Files $root '*' 40 100000) {
            [ordered]@{
                Path = $file.FullName; Bytes = $file.Length; Created = Format-Time $file.CreationTimeUtc
                Modified = Format-Time $file.LastWriteTimeUtc; Sha256 = Read-Digest $file.FullName
            }
        }
    }
}
