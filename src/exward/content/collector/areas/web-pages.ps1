# Pages, handlers and scripts below the web roots, whoever wrote them; exward knows which are Exchange's own.
# Unsigned libraries only if they are new. Check W26.

function Test-Unsigned {
    param($File)
    try { return [string](Get-AuthenticodeSignature -LiteralPath $File.FullName).Status -ne 'Valid' } catch { return $true }
}

Register-Files 'web-pages' -Rank 40 {
    $pages = '\.(aspx|ashx|asmx|ascx|asax|asp|asa|cer|cdx|cshtml|vbhtml|master|svc|soap|rem|php|phtml|jsp|jspx|shtml|xamlx|config)$'
    foreach ($root in @(Find-WebRoots)) {
        Find-Files $root | Where-Object { $_.Name -match $pages -and $_.Length -le 8mb }
        Find-Recent $root '*.dll' | Where-Object { $_.Length -le 8mb -and (Test-Unsigned $_) }
    }
}
