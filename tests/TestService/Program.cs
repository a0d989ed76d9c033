// A service on loopback whose resources can be made, changed, run and made to wait, for peers that talk to it from outside:
// TestService [MaxTimeout=ms] [EnumerationTimeout=ms] [MaxBatchItems=n] and the limits of shells. Writes its addresses as one line of JSON, ends when its input does.
using System.Globalization;
using System.Text.Json;
using Farwire.Protocol.Names;
using Farwire.Providers.Contract;
using Farwire.Service.Dispatch;
using Farwire.Shells;
using Farwire.TestKit;
using Farwire.TestService;

var options = new ServiceOptions();
var limits = new ShellOptions { CustomShells = [new CustomShell(ResourceUris.Shell + "/wc", "%FARWIRE_BIN%/wc", "-c")] };
Environment.SetEnvironmentVariable("FARWIRE_BIN", "/usr/bin");
foreach (var argument in args)
{
    var (name, value) = (argument.Split('=')[0], int.Parse(argument.Split('=')[1], CultureInfo.InvariantCulture));
    limits = name switch
    {
        nameof(ShellOptions.AllowRemoteShellAccess) => limits with { AllowRemoteShellAccess = value != 0 },
        nameof(ShellOptions.MaxShellsPerUser) => limits with { MaxShellsPerUser = value },
        nameof(ShellOptions.MaxConcurrentUsers) => limits with { MaxConcurrentUsers = value },
        nameof(ShellOptions.MaxProcessesPerShell) => limits with { MaxProcessesPerShell = value },
        "MaxMemoryPerShellMB" => limits with { MaxMemoryPerShellBytes = value * 1024L * 1024 },
        _ => limits,
    };
    options = name switch
    {
        nameof(ServiceOptions.MaxTimeout) => options with { MaxTimeout = TimeSpan.FromMilliseconds(value) },
        nameof(ServiceOptions.EnumerationTimeout) => options with { EnumerationTimeout = TimeSpan.FromMilliseconds(value) },
        nameof(ServiceOptions.MaxBatchItems) => options with { MaxBatchItems = value },
        "MaxMemoryPerShellMB" => options,
        _ when typeof(ShellOptions).GetProperty(name) is not null => options,
        _ => throw new ArgumentException($"'{name}' is no option of this service."),
    };
}

await using var shells = new CommandShell(limits);
var counts = new CountsResource();
await using var service = await EdgeService.StartAsync(options: options, more: catalog =>
{
    shells.AddTo(catalog);
    catalog
        .Add(ResourceUris.Microsoft + "/test/Slow", new SlowResource())
        .Add(ResourceUris.Microsoft + "/test/Counts", counts)
        .Add(FixedPlace.Catalog().Add(AllTypes.Schema, new AllTypes()));
});
counts.Service = service;
Console.WriteLine(JsonSerializer.Serialize(new { http = service.Http, https = service.Https, user = "Ann", password = "secret" }));
await Console.In.ReadToEndAsync();
