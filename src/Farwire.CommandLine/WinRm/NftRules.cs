using System.Globalization;
using System.Text.Json;

namespace Farwire.CommandLine.WinRm;

/// <summary>What nftables does with new connections, read from <c>nft --json list ruleset</c>.</summary>
/// <remarks>libnftables-json(5). Every chain that filters input must let a connection through: each that may drop needs a rule.</remarks>
internal static class NftRules
{
    /// <summary>The rules that are missing for a port, or null when every chain lets it through.</summary>
    public static Firewall? MissingRule(string json, int port)
    {
        using var rules = JsonDocument.Parse(json);
        var all = rules.RootElement.GetProperty("nftables").EnumerateArray().ToList();
        var text = port.ToString(CultureInfo.InvariantCulture);
        var missing = all.Where(one => one.TryGetProperty("chain", out var chain) && IsInputFilter(chain)).Select(one => one.GetProperty("chain"))
            .Where(chain => MayDrop(chain, all) && !Accepts(chain, all, port))
            .Select(chain => (string[])["nft", "insert", "rule", Text(chain, "family"), Text(chain, "table"), Text(chain, "name"), "tcp", "dport", text, "accept", "comment", "\"winrm\""])
            .ToList();
        return missing.Count == 0
            ? null
            : new Firewall("nftables", missing, $"The rule lasts until the rules are loaded again: write 'tcp dport {text} accept' into /etc/nftables.conf too.");
    }

    private static bool IsInputFilter(JsonElement chain) => Text(chain, "hook") == "input" && Text(chain, "type") == "filter" && Text(chain, "family") is "inet" or "ip" or "ip6";

    private static bool MayDrop(JsonElement chain, IReadOnlyList<JsonElement> all) =>
        Text(chain, "policy") == "drop" || RulesOf(chain, all).Any(rule => Statements(rule).Any(statement => Has(statement, "drop") || Has(statement, "reject") || Has(statement, "jump") || Has(statement, "goto")));

    // A rule that takes the port from everybody; one with further conditions does not count.
    private static bool Accepts(JsonElement chain, IReadOnlyList<JsonElement> all, int port) => RulesOf(chain, all).Any(rule =>
    {
        var statements = Statements(rule).Where(statement => !Has(statement, "counter")).ToList();
        return statements.Count == 2 && IsPort(statements[0], port) && Has(statements[1], "accept");
    });

    // { "match": { "op": "==", "left": { "payload": { "protocol": "tcp", "field": "dport" } }, "right": 5985 or { "set": [ 80, 5985 ] } } }
    private static bool IsPort(JsonElement statement, int port) =>
        statement.TryGetProperty("match", out var match) && Text(match, "op") == "=="
        && match.TryGetProperty("left", out var left) && left.ValueKind == JsonValueKind.Object && left.TryGetProperty("payload", out var payload)
        && Text(payload, "protocol") == "tcp" && Text(payload, "field") == "dport"
        && match.TryGetProperty("right", out var right) && (Is(right, port)
            || (right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set", out var set) && set.ValueKind == JsonValueKind.Array && set.EnumerateArray().Any(one => Is(one, port))));

    private static bool Is(JsonElement value, int port) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == port;

    private static IEnumerable<JsonElement> RulesOf(JsonElement chain, IReadOnlyList<JsonElement> all) => all
        .Where(one => one.TryGetProperty("rule", out _)).Select(one => one.GetProperty("rule"))
        .Where(rule => Text(rule, "family") == Text(chain, "family") && Text(rule, "table") == Text(chain, "table") && Text(rule, "chain") == Text(chain, "name"));

    private static List<JsonElement> Statements(JsonElement rule) => rule.TryGetProperty("expr", out var statements) ? [.. statements.EnumerateArray()] : [];

    private static bool Has(JsonElement statement, string name) => statement.ValueKind == JsonValueKind.Object && statement.TryGetProperty(name, out _);

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
