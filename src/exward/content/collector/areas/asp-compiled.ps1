# What ASP.NET compiled: traces of pages, also of those that are gone.

Register-Files 'asp-compiled' -Rank 50 {
    $net = Join-Path $WindowsFolder 'Microsoft.NET\Framework64'
    foreach ($version in 'v4.0.30319', 'v2.0.50727') {
        $root = Join-Path $net "$version\Temporary ASP.NET Files"
        Find-Files $root '*.compiled'
        Find-Recent $root 'App_Web_*.dll' | Where-Object { $_.Length -le 8mb }
    }
}
