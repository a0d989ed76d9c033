using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Asks a service with the built tool, and reads its JSON.</summary>
internal static class Questions
{
    public static Task<IReadOnlyList<JsonElement>> ListAsync(this RunningService service, string className, string namespaceName = "root/cimv2") =>
        service.AskAsync("enumerate", $"wmi/{namespaceName}/{className}");

    public static Task<IReadOnlyList<JsonElement>> QueryAsync(this RunningService service, string query, string namespaceName = "root/cimv2") =>
        service.AskAsync("enumerate", $"wmi/{namespaceName}/*", "-dialect:wql", "-filter:" + query);

    public static async Task<JsonElement> GetAsync(this RunningService service, string resource) => Assert.Single(await service.AskAsync("get", "wmicimv2/" + resource));

    public static async Task<string> FaultAsync(this RunningService service, params string[] arguments)
    {
        var outcome = await RunAsync(service, arguments);
        Assert.Equal(1, outcome.ExitCode);
        return outcome.Errors;
    }

    public static string? Text(this JsonElement instance, string property) => instance.GetProperty(property) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var other => other.GetRawText(),
    };

    public static long Number(this JsonElement instance, string property) => long.Parse(instance.Text(property)!, System.Globalization.CultureInfo.InvariantCulture);

    public static string[] Texts(this JsonElement instance, string property) =>
        instance.GetProperty(property) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Select(e => e.GetString()!)] : [];

    private static async Task<IReadOnlyList<JsonElement>> AskAsync(this RunningService service, params string[] arguments)
    {
        var outcome = await RunAsync(service, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var items = new List<JsonElement>();
        foreach (var line in outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            items.Add(JsonDocument.Parse(line).RootElement);
        }

        return items;
    }

    private static Task<Outcome> RunAsync(RunningService service, string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. arguments, "-o", "json", "--connect", service.ConnectionFile]);
}
