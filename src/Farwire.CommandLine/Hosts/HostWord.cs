namespace Farwire.CommandLine.Hosts;

/// <summary>One of the hosts of <c>-H</c>.</summary>
/// <param name="Name">As it was written: what the output calls it.</param>
/// <param name="Address">Where it is: <c>[http://|https://]HOST[:PORT][/PREFIX]</c>.</param>
/// <param name="Facts">What an inventory says of it, by the names of the switches that say the same.</param>
internal sealed record HostWord(string Name, string Address, IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    public HostWord(string name)
        : this(name, name, [])
    {
    }
}
