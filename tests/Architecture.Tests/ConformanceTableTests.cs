using System.Xml.Linq;
using Farwire.Conformance;

namespace Farwire.Architecture.Tests;

public class ConformanceTableTests
{
    private static readonly string[] Checklist = ["id\tcomponent\tcapability\tacceptance", "A-01\tx\tOne | other\ty", "A-02\tx\tTwo\ty", "A-03\tx\tThree\ty"];

    [Fact]
    public void A_row_is_proved_from_outside_or_by_a_named_peer_and_only_by_tests_that_passed()
    {
        var table = ConformanceTable.Of(Checklist, [], [
            ("Peers.Tests", Results(("Outside", "Pass", "A-01", null), ("Broken", "Fail", "A-03", null), ("Absent", "Skip", "A-03", null))),
            ("Any.Tests", Results(("Inside", "Pass", "A-01", null), ("Foreign", "Pass", "A-02", "ntlm_auth"), ("Only_inside", "Pass", "A-03", null)))]);

        Assert.Equal("proved", table.StateOf("A-01"));
        Assert.Equal("proved", table.StateOf("A-02"));
        Assert.Equal("replayed", table.StateOf("A-03"));
        Assert.Contains("1 replayed", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("| A-01 | One \\| other | Peers.Tests: Outside, Any.Tests: Inside |  | proved |", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("Any.Tests: Foreign [ntlm_auth]", table.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_against_a_double_shows_a_row_and_does_not_prove_it()
    {
        var results = Results(("Alone", "Pass", "A-01", null), ("Both", "Pass", "A-02", "curl"));
        foreach (var traits in results.Descendants("traits"))
        {
            traits.Add(Trait("Double", "collector.py"));
        }

        var table = ConformanceTable.Of(Checklist, [], [("Peers.Tests", results)]);

        Assert.Equal("replayed", table.StateOf("A-01"));
        Assert.Equal("proved", table.StateOf("A-02"));
    }

    [Fact]
    public void Every_row_stands_in_the_table_with_its_note()
    {
        var table = ConformanceTable.Of(Checklist, ["# a remark", "A-02\tnot on this system"], []);

        Assert.Contains("| A-02 | Two |  | not on this system | open |", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("3 open of 3.", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Empty(table.Problems);
    }

    [Fact]
    public void A_row_that_does_not_exist_is_a_problem_even_when_the_test_that_names_it_was_skipped()
    {
        var table = ConformanceTable.Of(Checklist, ["B-02\tnote"], [("Any.Tests", Results(("Lost", "Skip", "B-01", null)))]);

        Assert.Equal(2, table.Problems.Count);
        Assert.Contains("'B-01'", table.Problems[0], StringComparison.Ordinal);
        Assert.Contains("'B-02'", table.Problems[1], StringComparison.Ordinal);
    }

    private static XDocument Results(params (string Method, string Result, string Feature, string? Peer)[] tests) => new(
        new XElement("assemblies", new XElement("assembly", new XElement("collection", tests.Select(t => new XElement(
            "test",
            new XAttribute("method", t.Method),
            new XAttribute("result", t.Result),
            new XElement(
                "traits",
                Trait("Feature", t.Feature),
                t.Peer is null ? null : Trait("Peer", t.Peer))))))));

    private static XElement Trait(string name, string value) => new("trait", new XAttribute("name", name), new XAttribute("value", value));
}
