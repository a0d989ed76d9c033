using System.Diagnostics;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Wql;

namespace Farwire.Cim.Tests.Wql;

public sealed class WqlTests
{
    private static readonly CimSchema Schema = new CimSchema("root/x").AddMof("""
        class T_Base { [Key] string Name; uint32 Size; sint64 Temperature; boolean On; datetime Since; string Tags[]; real64 Rate; string Note; };
        class T_Thing : T_Base { };
        """);

    private static readonly CimClass Thing = Schema.Find("T_Thing")!;

    [Theory]
    [InlineData("Name = 'OAK'", true)]
    [InlineData("'oak' = Name", true)]
    [InlineData("Name <> 'oak'", false)]
    [InlineData("Name < 'pine'", true)]
    [InlineData("Size = 5", true)]
    [InlineData("Size = \"5\"", true)]
    [InlineData("Size = 0x5", true)]
    [InlineData("5 >= Size and 4 < Size", true)]
    [InlineData("Size > 18446744073709551615", false)]
    [InlineData("Temperature < -3", true)]
    [InlineData("Temperature = -4", true)]
    [InlineData("Rate > 2.4 and Rate < 2.6", true)]
    [InlineData("On = TRUE", true)]
    [InlineData("On = 1", true)]
    [InlineData("On = 'true'", true)]
    [InlineData("On != false", true)]
    [InlineData("not On = true or Size = 5", true)]
    [InlineData("not (On = true or Size = 5)", false)]
    [InlineData("Size = 6 or Size = 7 and On = true or Size = 5", true)]
    [InlineData("Note is null", true)]
    [InlineData("Note is not null", false)]
    [InlineData("Note = null", true)]
    [InlineData("Note <> null", false)]
    [InlineData("Note <> 'x'", false)]
    [InlineData("Name like 'o%'", true)]
    [InlineData("Name like '_AK'", true)]
    [InlineData("Name like '[m-p][^x-z]k'", true)]
    [InlineData("Name not like '%k'", false)]
    [InlineData("not Name like '%z'", true)]
    [InlineData("Name like '%'", true)]
    [InlineData("Name like ''", false)]
    [InlineData("Since > '20130101000000.000000+000'", true)]
    [InlineData("Since < '2014-01-01 00:00:00:000'", true)]
    [InlineData("Since >= '05/06/2013'", true)]
    [InlineData("__CLASS = 't_thing'", true)]
    [InlineData("__this isa 'T_Base'", true)]
    [InlineData("__this isa 'T_Other'", false)]
    [Trait("Feature", "WMI-10")]
    public void A_condition_is_true_when_it_should_be(string where, bool expected) =>
        Assert.Equal(expected, new WqlFilter(WqlQuery.Parse($"select * from T_Thing where {where}"), Thing).Matches(Sample()));

    [Theory]
    [InlineData("", "SELECT was expected")]
    [InlineData("select", "a property or '*' was expected")]
    [InlineData("select * from", "a class was expected")]
    [InlineData("select a,, b from c", "a property was expected")]
    [InlineData("select * from c where", "a constant was expected")]
    [InlineData("select * from c where a", "one of =")]
    [InlineData("select * from c where a = ", "a constant was expected")]
    [InlineData("select * from c where a = 'x", "does not end")]
    [InlineData("select * from c where (a = 1", "')' was expected")]
    [InlineData("select * from c where a = 1 b", "the end of the query")]
    [InlineData("select * from c where a < null", "IS NULL")]
    [InlineData("select * from c order by a", "the end of the query")]
    [InlineData("associators of {x.y=1}", "a SELECT query was expected")]
    public void What_is_no_query_is_refused_with_its_place(string query, string problem)
    {
        var error = Assert.Throws<WqlException>(() => WqlQuery.Parse(query));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Position, 1, query.Length + 1);
    }

    [Theory]
    [InlineData("select Wings from T_Thing")]
    [InlineData("select * from T_Thing where Wings = 2")]
    [InlineData("select * from T_Thing where Tags = 'a'")]
    [InlineData("select * from T_Thing where Size = 'many'")]
    [InlineData("select * from T_Thing where On > true")]
    [InlineData("select * from T_Thing where Since = 'yesterday'")]
    public void What_the_class_cannot_answer_is_refused(string query) =>
        Assert.Throws<WqlException>(() => new WqlFilter(WqlQuery.Parse(query), Thing));

    [Fact]
    public void A_filter_knows_what_it_needs_and_what_it_fixes()
    {
        var filter = new WqlFilter(WqlQuery.Parse("select Size, NAME from T_Thing where Name = 'x' and (Size = 1 or On = true) and Size = 3"), Thing);

        Assert.Equal(["Name", "Size"], filter.Selected.Select(slot => Thing.Properties[slot].Name));
        Assert.Equal(["Name", "On", "Size"], filter.Needed.Select(slot => Thing.Properties[slot].Name));
        Assert.Equal([("Name", "x"), ("Size", "3")], filter.Equalities.Select(e => (e.Property, e.Value.ToString())));
    }

    [Fact]
    public void A_spiteful_pattern_does_not_slow_the_matcher()
    {
        var pattern = string.Concat(Enumerable.Repeat("a%", 500)) + "b";
        var filter = new WqlFilter(WqlQuery.Parse($"select * from T_Thing where Note like '{pattern}'"), Thing);
        var instance = Sample();
        instance["Note"] = new string('a', 20_000);

        var watch = Stopwatch.StartNew();
        Assert.False(filter.Matches(instance));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), "a back-tracking matcher would never end");
    }

    [Theory]
    [InlineData('(', ')')]
    public void Depth_has_a_limit(char open, char close)
    {
        var query = $"select * from c where {new string(open, 5000)}a = 1{new string(close, 5000)}";

        Assert.Contains("deep", Assert.Throws<WqlException>(() => WqlQuery.Parse(query)).Message, StringComparison.Ordinal);
    }

    private static CimInstance Sample() => new(Thing)
    {
        ["Name"] = "Oak",
        ["Size"] = 5u,
        ["Temperature"] = -4,
        ["On"] = true,
        ["Rate"] = 2.5,
        ["Since"] = new CimDateTime(new DateTimeOffset(2013, 5, 6, 7, 8, 9, TimeSpan.Zero)),
    };
}
