using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Providers.Contract;
using Farwire.Providers.Programs;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Providers.Tests.Programs;

/// <summary>Classes whose instances a program knows: shell scripts, good and bad.</summary>
public sealed class ProgramClassTests : IDisposable
{
    private const string Uri = ResourceUris.Wmi + "/root/brewery/Brewery_Tank";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-mof-").FullName;

    [Fact]
    [Trait("Feature", "WMI-12")]
    public async Task A_program_lists_changes_and_runs_what_its_MOF_declares()
    {
        // Its state is a file; what it was asked last is another.
        Script($$"""
            read -r q; printf '%s\n' "$q" >> '{{_folder}}/asked'
            [ -f '{{_folder}}/target' ] || echo 5 > '{{_folder}}/target'
            case $q in
              *'"operation":"enumerate"'*)
                printf '{"Name":"North","Temperature":12.5,"Target":%s,"Tags":["a","b"]}\n{"Name":"South","Temperature":null,"Target":4}\n' "$(cat '{{_folder}}/target')";;
              *'"operation":"put"'*) printf '%s' "$q" | sed 's/.*"Target":\([0-9.]*\).*/\1/' > '{{_folder}}/target';;
              *'"operation":"invoke"'*) printf '{"ReturnValue":0,"Left":70}\n';;
            esac
            """);
        await using var service = new Served(_folder);

        var queried = await service.ListAsync(new Enumerate { Filter = Filter.Wql("select Name,Tags from Brewery_Tank where Target > 4") }, ResourceUris.Wmi + "/root/brewery/*");
        var put = await service.AskAsync(Actions.Put, $"<p:Brewery_Tank xmlns:p=\"{Uri}\"><p:Target>20</p:Target></p:Brewery_Tank>");
        var invoked = await service.AskAsync(Uri + "/Empty", $"<p:Empty_INPUT xmlns:p=\"{Uri}\"><p:Litres>30</p:Litres></p:Empty_INPUT>");

        Assert.Contains("<Name>North</Name><Tags>a</Tags><Tags>b</Tags>", Assert.Single(queried), StringComparison.Ordinal);
        Assert.Contains(":Target>20<", put, StringComparison.Ordinal);
        Assert.Contains(":Left>70<", invoked, StringComparison.Ordinal);
        var asked = await File.ReadAllLinesAsync(Path.Combine(_folder, "asked"), TestContext.Current.CancellationToken);
        Assert.Contains("\"properties\":[\"Name\",\"Tags\",\"Target\"]", asked[0], StringComparison.Ordinal);
        Assert.Contains("\"equal\":{\"Name\":\"North\"}", asked[1], StringComparison.Ordinal);
        Assert.Contains(asked, l => l.Contains("\"keys\":{\"Name\":\"North\"},\"caller\":\"ann\",\"changes\":{\"Target\":20}", StringComparison.Ordinal));
        Assert.Contains(asked, l => l.Contains("\"method\":\"Empty\"", StringComparison.Ordinal) && l.Contains("\"arguments\":{\"Litres\":30}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sleep 1000", 0x80041004u, "did not answer within")]
    [InlineData("echo broken >&2; exit 3", 0x80041004u, "ended with 3: broken")]
    [InlineData("echo '{\"Name\":'", 0x80041004u, "no JSON")]
    [InlineData("echo '[]'", 0x80041004u, "no JSON object")]
    [InlineData("echo '{\"Wings\":2}'", 0x80041004u, "'Wings'")]
    [InlineData("echo '{\"Name\":\"x\",\"Target\":\"warm\"}'", 0x80041004u, "warm")]
    [InlineData("echo '{\"error\":\"the cellar is locked\"}'", 0x80041004u, "the cellar is locked")]
    [InlineData("head -c 3000000 /dev/zero | tr '\\0' x", 0x8004106Cu, "more than 1048576 bytes")]
    [InlineData("kill -9 $$", 0x80041004u, "ended with")]
    public async Task A_program_that_hangs_floods_dies_or_babbles_is_a_failure_of_the_provider(string script, uint status, string problem)
    {
        Script(script);
        await using var service = new Served(_folder, TimeSpan.FromSeconds(script.StartsWith("sleep", StringComparison.Ordinal) ? 0.3 : 30));

        var fault = await service.FaultAsync();

        Assert.Equal(status, fault.Provider?.ExtendedError is { } error ? uint.Parse(System.Xml.Linq.XElement.Parse(error).Elements().Single(e => e.Name.LocalName == "StatusCode").Value, System.Globalization.CultureInfo.InvariantCulture) : 0);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_wrong_is_left_out_and_told_and_the_others_are_served()
    {
        Script("true");
        File.WriteAllText(Path.Combine(_folder, "a.mof"), "class Broken { strin x; };");
        File.WriteAllText(Path.Combine(_folder, "b.mof"), "class Homeless { [Key] string Name; };");
        File.WriteAllText(Path.Combine(_folder, "c.mof"), "#pragma namespace(\"root/taken\")\nclass Mine { [Key] string Name; };");
        var log = new Lines();

        var catalog = new CimCatalog().Add(new Farwire.Cim.Classes.CimSchema("root/taken")).AddPrograms(_folder, log);

        Assert.True(catalog.Has("root/brewery"));
        Assert.Equal(3, log.Count);
        Assert.Contains("'strin' is not a type", log[0], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Script(string script)
    {
        File.WriteAllText(Path.Combine(_folder, "tanks.sh"), script);
        File.WriteAllText(Path.Combine(_folder, "tanks.mof"), $$"""
            #pragma namespace("root\\brewery")
            [Provider("/bin/sh '{{_folder}}/tanks.sh'")]
            class Brewery_Tank {
              [Key] string Name; real64 Temperature; [Write] real64 Target; string Tags[];
              uint32 Empty([In] uint32 Litres, [Out] uint32 Left);
            };
            """);
    }

    private sealed class Served : IAsyncDisposable
    {
        private readonly Dispatcher _dispatcher;
        private readonly LoopbackChannel _channel;

        public Served(string folder, TimeSpan? patience = null)
        {
            _dispatcher = new Dispatcher(new ResourceCatalog().Add(new CimCatalog().AddPrograms(folder, NullLogger.Instance, patience: patience)));
            _channel = new LoopbackChannel(_dispatcher, Caller.Named("ann"));
        }

        public async Task<List<string>> ListAsync(Enumerate request, string uri)
        {
            var items = new List<string>();
            using var reply = (await _channel.AskAsync(Exchange.Headers(Actions.Enumerate, uri), request with { Optimize = true, MaxElements = 100 })).EnsureSuccess();
            Assert.True(EnumerationBatch.Read(reply.Body, item => items.Add(item.ReadOuterXml())).EndOfSequence);
            return items;
        }

        public async Task<string> AskAsync(string action, string body)
        {
            using var reply = (await _channel.AskAsync(Exchange.Headers(action, Uri, ("Name", "North")), new Farwire.Protocol.Envelope.XmlBody(System.Text.Encoding.UTF8.GetBytes(body)))).EnsureSuccess();
            return reply.Body.ReadOuterXml();
        }

        public Task<WSManFault> FaultAsync() => _channel.FaultAsync(Exchange.Headers(Actions.Enumerate, Uri), new Enumerate { Optimize = true, MaxElements = 100 });

        public async ValueTask DisposeAsync()
        {
            await _channel.DisposeAsync();
            await _dispatcher.DisposeAsync();
        }
    }

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));
    }
}
