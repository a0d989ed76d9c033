using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Farwire.Peers.Tests;

/// <summary>The built tool at a double that answers as Intel AMT does: prefixes of its own, nothing optimised, a context beside the end, Digest alone.</summary>
public sealed partial class AmtTests : IDisposable
{
    private const string Cim = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";
    private const string Realm = "Digest:A3070000000000000000000000000000";
    private const string Nonce = "5vUBAAEAAABvc4Df+S1yMGkAAAA=";
    private const string Context = "D2000000-0000-0000-0000-000000000000";

    private readonly RecordingPeer _peer;
    private int _power = 8;
    private string _listed = "";

    public AmtTests() => _peer = new RecordingPeer(Answer) { Refuse = Challenge };

    [Fact]
    public async Task Power_is_told_and_switched_by_the_profile_that_AMT_has()
    {
        Assert.Equal(("ManagedSystem", "off"), await PowerAsync("status"));

        Assert.Equal(("ManagedSystem", "on"), await PowerAsync("on", "--wait"));

        var call = _peer.Requests.Single(r => r.Body.Length > 0 && r.Header("Action").EndsWith("/RequestPowerStateChange", StringComparison.Ordinal));
        Assert.Equal(Cim + "CIM_PowerManagementService", call.Header("ResourceURI"));
        Assert.Equal(
            ["CreationClassName=CIM_PowerManagementService", "Name=Intel(r) AMT Power Management Service", "SystemCreationClassName=CIM_ComputerSystem", "SystemName=Intel(r) AMT"],
            call.Envelope.Elements().First().Descendants().Where(e => e.Name.LocalName == "Selector").Select(s => $"{s.Attribute("Name")?.Value}={s.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("2", call.Content.Elements().First().Value);
        Assert.Equal("ManagedSystem", call.Content.Descendants().Single(e => e.Attribute("Name")?.Value == "Name").Value);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such() =>
        Assert.Equal(77, (await RunAsync("wrong", "status")).ExitCode);

    public void Dispose() => _peer.Dispose();

    // RFC 2617, section 3.2.2.1, with qop "auth": what AMT asks for and compares.
    private static string? Challenge(Received request)
    {
        var given = Field().Matches(request.Head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Authorization: Digest", StringComparison.OrdinalIgnoreCase)) ?? "")
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value);
        var isRight = given.Count > 0 && given["realm"] == Realm && given["nonce"] == Nonce && given["username"] == "admin" && given["qop"] == "auth"
            && given["response"] == Hash($"{Hash($"admin:{Realm}:P@ssw0rd")}:{Nonce}:{given["nc"]}:{given["cnonce"]}:auth:{Hash("POST:" + given["uri"])}");
        return isRight ? null : $"Digest realm=\"{Realm}\", nonce=\"{Nonce}\",stale=\"false\",qop=\"auth\"";
    }

#pragma warning disable CA5351 // Digest is MD5 here, as on the wire.
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("(?<name>[a-z]+)=\"?(?<value>[^\",]*)\"?")]
    private static partial Regex Field();

    private async Task<(string?, string?)> PowerAsync(params string[] words)
    {
        var outcome = await RunAsync("P@ssw0rd", words);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var row = JsonDocument.Parse(outcome.Output).RootElement[0];
        return (row.GetProperty("machine").GetString(), row.GetProperty("power").GetString());
    }

    private Task<Outcome> RunAsync(string password, params string[] words) => Commands.RunAsync(
        "/usr/bin/env",
        ["FARWIRE_PASSWORD=" + password, RunningService.Program("farwire"), "bmc", "power", .. words, "--protocol", "wsman", "--unencrypted", "-H", $"http://127.0.0.1:{_peer.Port}/wsman", "-u", "admin", "-o", "json"]);

    private string Answer(Received request)
    {
        const string n = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
        var resource = request.Header("ResourceURI").Split('/')[^1];
        switch (request.Header("Action").Split('/')[^1])
        {
            case "Enumerate":
                _listed = resource;
                return $"<g:EnumerateResponse xmlns:g=\"{n}\"><g:EnumerationContext>{Context}</g:EnumerationContext></g:EnumerateResponse>";
            case "Pull":
                return $"<g:PullResponse xmlns:g=\"{n}\"><g:EnumerationContext>{Context}</g:EnumerationContext><g:Items>{Item(_listed)}</g:Items><g:EndOfSequence></g:EndOfSequence></g:PullResponse>";
            default:
                _power = int.Parse(request.Content.Elements().First().Value, System.Globalization.CultureInfo.InvariantCulture);
                return $"<g:RequestPowerStateChange_OUTPUT xmlns:g=\"{Cim}CIM_PowerManagementService\"><g:ReturnValue>0</g:ReturnValue></g:RequestPowerStateChange_OUTPUT>";
        }
    }

    private string Item(string resource) => resource switch
    {
        "CIM_AssociatedPowerManagementService" => $"""
            <h:CIM_AssociatedPowerManagementService xmlns:h="{Cim}CIM_AssociatedPowerManagementService" xmlns:b="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:c="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><h:PowerState>{_power}</h:PowerState><h:UserOf><b:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</b:Address><b:ReferenceParameters><c:ResourceURI>{Cim}CIM_ComputerSystem</c:ResourceURI><c:SelectorSet><c:Selector Name="CreationClassName">CIM_ComputerSystem</c:Selector><c:Selector Name="Name">ManagedSystem</c:Selector></c:SelectorSet></b:ReferenceParameters></h:UserOf></h:CIM_AssociatedPowerManagementService>
            """,
        _ => $"""
            <h:CIM_PowerManagementService xmlns:h="{Cim}CIM_PowerManagementService"><h:CreationClassName>CIM_PowerManagementService</h:CreationClassName><h:ElementName>Intel(r) AMT Power Management Service</h:ElementName><h:EnabledState>5</h:EnabledState><h:Name>Intel(r) AMT Power Management Service</h:Name><h:RequestedState>12</h:RequestedState><h:SystemCreationClassName>CIM_ComputerSystem</h:SystemCreationClassName><h:SystemName>Intel(r) AMT</h:SystemName></h:CIM_PowerManagementService>
            """,
    };
}
