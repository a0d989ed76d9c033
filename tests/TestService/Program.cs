// A service on loopback whose resources can be made, changed, run and made to wait, for peers that talk to it from outside:
// TestService [MaxTimeout=ms] [EnumerationTimeout=ms] [MaxBatchItems=n]. Writes its addresses as one line of JSON, ends when its input does.
using System.Globalization;
using System.Text.Json;
using Farwire.Protocol.Names;
using Farwire.Providers.Contract;
using Farwire.Service.Dispatch;
using Farwire.TestKit;
using Farwire.TestService;

var options = new ServiceOptions();
foreach (var argument in args)
{
    var (name, value) = (argument.Split('=')[0], int.Parse(argument.Split('=')[1], CultureInfo.InvariantCulture));
    options = name switch
    {
        nameof(ServiceOptions.MaxTimeout) => options with { MaxTimeout = TimeSpan.FromMilliseconds(value) },
        nameof(ServiceOptions.EnumerationTimeout) => options with { EnumerationTimeout = TimeSpan.FromMilliseconds(value) },
        nameof(ServiceOptions.MaxBatchItems) => options with { MaxBatchItems = value },
        _ => throw new ArgumentException($"'{name}' is no option of this service."),
    };
}

var counts = new CountsResource();
await using var service = await EdgeService.StartAsync(options: options, more: catalog => catalog
    .Add(ResourceUris.Microsoft + "/test/Slow", new SlowResource())
    .Add(ResourceUris.Microsoft + "/test/Counts", counts)
    .Add(FixedPlace.Catalog().Add(AllTypes.Schema, new AllTypes())));
counts.Service = service;
Console.WriteLine(JsonSerializer.Serialize(new { http = service.Http, https = service.Https, user = "Ann", password = "secret" }));
await Console.In.ReadToEndAsync();
