// Writes docs/conformance.md from the results of a test run: conformance <checklist> <notes> <folder of results> <page>.
using System.Xml.Linq;
using Farwire.Conformance;

var (checklist, notes, results, page) = (args[0], args[1], args[2], args[3]);
var table = ConformanceTable.Of(
    File.ReadLines(checklist),
    File.ReadLines(notes),
    Directory.EnumerateFiles(results, "*.xml").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), XDocument.Load(f))));
foreach (var problem in table.Problems)
{
    Console.Error.WriteLine($"conformance: {problem}");
}

if (table.Problems.Count > 0)
{
    return 1;
}

var text = table.ToMarkdown();
if (!File.Exists(page) || File.ReadAllText(page) != text)
{
    File.WriteAllText(page, text);
    Console.WriteLine($"{page} has changed: commit it.");
}

return 0;
