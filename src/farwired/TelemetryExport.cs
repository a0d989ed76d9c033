using Farwire.Service.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Farwire.Daemon;

/// <summary>Sends measurements and traces to where the environment says, by OTLP; nothing, and at no cost, when it says nothing.</summary>
/// <remarks>OpenTelemetry, "Environment Variable Specification": OTEL_EXPORTER_OTLP_ENDPOINT and the others of its kind.</remarks>
internal sealed class TelemetryExport : IDisposable
{
    private readonly MeterProvider? _measurements;
    private readonly TracerProvider? _traces;

    private TelemetryExport()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("farwired", serviceVersion: Usage.Number);
        _measurements = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(ServiceMeter.Name).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ServiceMeter.Name).AddOtlpExporter().Build();
    }

    /// <summary>Begins, when there is an address; null when there is none.</summary>
    public static TelemetryExport? Begin() => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : new TelemetryExport();

    public void Dispose()
    {
        _traces?.Dispose();
        _measurements?.Dispose();
    }
}
