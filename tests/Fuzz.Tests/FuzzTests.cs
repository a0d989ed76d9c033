namespace Farwire.Fuzz.Tests;

/// <summary>A tenth of what <c>./fuzz.sh</c> does: 100,000 inputs a target.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 100_000;

    public static TheoryData<string> Names => [.. Targets.All.Select(make =>
    {
        using var target = make();
        return target.Name;
    })];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Feature", "QLT-01")]
    public void Broken_input_is_read_or_refused_within_bounds_and_nothing_else_happens(string name)
    {
        using var target = Targets.All.Select(make => make()).Single(t => t.Name == name);

        var result = target.Run(Inputs, seed: 1);

        Assert.Equal(Inputs, result.Read + result.Refused);
        Assert.True(result.Read > Inputs / 100 && result.Refused > Inputs / 10, $"{result.Read} read, {result.Refused} refused: the mutations reach nothing");
    }
}
