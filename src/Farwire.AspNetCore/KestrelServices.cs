using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Farwire.AspNetCore;

/// <summary>Kestrel and what it is made of, without a web host around it.</summary>
/// <remarks>
/// A host's configuration, routes, middleware and diagnostics would cost every request time, and the service at rest memory. Kestrel's parts are
/// registered through a host's builder only, so this is the least of one.
/// </remarks>
internal sealed class KestrelServices : IWebHostBuilder
{
    private readonly ServiceCollection _services = new();

    private KestrelServices()
    {
    }

    /// <summary>The services to take <see cref="Microsoft.AspNetCore.Hosting.Server.IServer"/> from.</summary>
    public static ServiceProvider Build(Action<KestrelServerOptions> configure, ILoggerFactory logs)
    {
        var builder = new KestrelServices();
        builder._services
            .AddSingleton(logs)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton<DiagnosticSource>(new DiagnosticListener("Farwire.AspNetCore"))
            .AddSingleton<IMeterFactory, Meters>();
        builder.UseKestrelCore().ConfigureKestrel(configure);
        return builder._services.BuildServiceProvider();
    }

    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(_services);
        return this;
    }

    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices) =>
        ConfigureServices(services => configureServices(new WebHostBuilderContext(), services));

    public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

    public IWebHostBuilder UseSetting(string key, string? value) => this;

    public string? GetSetting(string key) => null;

#pragma warning disable ASPDEPR008 // The type is obsolete for callers; the interface still has it.
    public IWebHost Build() => throw new InvalidOperationException("The server is started without a host.");
#pragma warning restore ASPDEPR008

    /// <summary>Kestrel's own meters, for whoever listens to them.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
