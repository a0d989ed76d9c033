using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Farwire.Architecture.Tests;

/// <summary>What the documents say is so.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_links_to_what_is_there_and_quotes_what_is_compiled(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;

        Assert.All(Links().Matches(text).Select(m => m.Groups["target"].Value).Where(t => !t.Contains(':', StringComparison.Ordinal)), target =>
            Assert.True(Path.Exists(Path.Combine(folder, target.Split('#')[0])), $"{document} links to {target}"));
        Assert.All(Quotes().Matches(text), quote =>
            Assert.Contains(quote.Groups["code"].Value, File.ReadAllText(Path.Combine(Repository.Root, quote.Groups["file"].Value)), StringComparison.Ordinal));
    }

    [Fact]
    public void The_architecture_names_every_room()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

        Assert.All(
            Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder).Replace("Farwire.", "", StringComparison.Ordinal)),
            room => Assert.Contains($"`{room}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_of_the_front_page_are_those_of_the_quickstart()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "quickstart.sh"));
        var commands = File.ReadLines(Path.Combine(Repository.Root, "README.md")).Where(line => line.StartsWith("$ ", StringComparison.Ordinal) && line.Contains("farwire win", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Contains(command[2..], script, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_is_used_and_a_decision_names_it()
    {
        var pinned = Names(Path.Combine(Repository.Root, "Directory.Packages.props"), "PackageVersion");
        var used = new[] { "src", "tests", "samples", "benchmarks" }.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*proj", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "*.props", SearchOption.AllDirectories)))
            .SelectMany(file => Names(file, "PackageReference")).ToHashSet();
        var decisions = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md").Select(File.ReadAllText));

        Assert.All(pinned, package =>
        {
            Assert.Contains(package, used);
            Assert.Contains($"`{package}`", decisions, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Decisions_are_numbered_each_with_a_number_of_its_own()
    {
        var numbers = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "decisions")).Select(file => Path.GetFileName(file)).ToList();

        Assert.All(numbers, name => Assert.Matches("^[0-9]{4}-[a-z0-9-]+\\.md$", name));
        Assert.Equal(numbers.Count, numbers.Select(name => name[..4]).Distinct().Count());
    }

    private static IEnumerable<string> Names(string file, string element) =>
        XDocument.Load(file).Descendants(element).Select(e => (string?)e.Attribute("Include")).OfType<string>();

    // [text](target), outside of code.
    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Links();

    // ```language file=path
    [GeneratedRegex(@"^```\w+ file=(?<file>\S+)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Quotes();
}
