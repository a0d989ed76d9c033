using System.Text;
using System.Text.Json;

// Sbom VERSION OUTPUT ASSETS…: what the packages are made of, from what NuGet resolved (project.assets.json).
// SPDX 2.3, "Package information" and "Relationships".
if (args.Length < 3)
{
    Console.Error.WriteLine("Sbom: give VERSION OUTPUT ASSETS…");
    return 64;
}

var parts = new SortedDictionary<string, (string Name, string Version, string Sha512)>(StringComparer.OrdinalIgnoreCase);
foreach (var file in args[2..])
{
    using var assets = JsonDocument.Parse(File.ReadAllBytes(file));
    foreach (var library in assets.RootElement.GetProperty("libraries").EnumerateObject().Where(one => one.Value.GetProperty("type").GetString() == "package"))
    {
        var (name, version) = (library.Name[..library.Name.IndexOf('/', StringComparison.Ordinal)], library.Name[(library.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        parts[library.Name] = (name, version, Convert.ToHexStringLower(Convert.FromBase64String(library.Value.GetProperty("sha512").GetString()!)));
    }

    // The runtime that self-contained files bring along, when one was resolved.
    foreach (var framework in assets.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject())
    {
        if (framework.Value.TryGetProperty("downloadDependencies", out var downloads))
        {
            foreach (var pack in downloads.EnumerateArray())
            {
                var (name, version) = (pack.GetProperty("name").GetString()!, pack.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]);
                parts[$"{name}/{version}"] = (name, version, "");
            }
        }
    }
}

using var output = File.Create(args[1]);
using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
json.WriteStartObject();
json.WriteString("spdxVersion", "SPDX-2.3");
json.WriteString("dataLicense", "CC0-1.0");
json.WriteString("SPDXID", "SPDXRef-DOCUMENT");
json.WriteString("name", $"farwire-{args[0]}");
json.WriteString("documentNamespace", $"urn:farwire:sbom:{args[0]}");
json.WriteStartObject("creationInfo");
json.WriteString("created", DateTimeOffset.FromUnixTimeSeconds(long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out var epoch) ? epoch : DateTimeOffset.UtcNow.ToUnixTimeSeconds()).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
json.WriteStartArray("creators");
json.WriteStringValue("Tool: farwire-sbom");
json.WriteEndArray();
json.WriteEndObject();
json.WriteStartArray("packages");
Package("farwire", args[0], "", "Apache-2.0");
foreach (var (name, version, sha512) in parts.Values)
{
    Package(name, version, sha512, "NOASSERTION");
}

json.WriteEndArray();
json.WriteStartArray("relationships");
Relation("SPDXRef-DOCUMENT", "DESCRIBES", Id("farwire", args[0]));
foreach (var (name, version, _) in parts.Values)
{
    Relation(Id("farwire", args[0]), "CONTAINS", Id(name, version));
}

json.WriteEndArray();
json.WriteEndObject();
return 0;

void Package(string name, string version, string sha512, string license)
{
    json.WriteStartObject();
    json.WriteString("name", name);
    json.WriteString("SPDXID", Id(name, version));
    json.WriteString("versionInfo", version);
    json.WriteString("downloadLocation", "NOASSERTION");
    json.WriteBoolean("filesAnalyzed", false);
    json.WriteString("licenseConcluded", license);
    json.WriteString("licenseDeclared", license);
    json.WriteString("copyrightText", "NOASSERTION");
    if (sha512.Length > 0)
    {
        json.WriteStartArray("checksums");
        json.WriteStartObject();
        json.WriteString("algorithm", "SHA512");
        json.WriteString("checksumValue", sha512);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    if (name != "farwire")
    {
        json.WriteStartArray("externalRefs");
        json.WriteStartObject();
        json.WriteString("referenceCategory", "PACKAGE-MANAGER");
        json.WriteString("referenceType", "purl");
        json.WriteString("referenceLocator", $"pkg:nuget/{name}@{version}");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    json.WriteEndObject();
}

void Relation(string from, string kind, string to)
{
    json.WriteStartObject();
    json.WriteString("spdxElementId", from);
    json.WriteString("relationshipType", kind);
    json.WriteString("relatedSpdxElement", to);
    json.WriteEndObject();
}

// Letters, digits, dots and dashes alone may stand in an identifier.
static string Id(string name, string version)
{
    var id = new StringBuilder("SPDXRef-Package-");
    foreach (var c in $"{name}-{version}")
    {
        id.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-');
    }

    return id.ToString();
}
