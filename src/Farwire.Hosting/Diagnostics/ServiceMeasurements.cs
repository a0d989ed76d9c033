using System.Diagnostics.Metrics;
using Farwire.Hosting.Listeners;

namespace Farwire.Hosting.Diagnostics;

/// <summary>What the engine does not know of itself: its listeners, their certificates, the shells, the memory.</summary>
internal static class ServiceMeasurements
{
    public static MeterText Of(Meter meter, ListenerTable listeners, Func<int> shells)
    {
        meter.CreateObservableGauge("farwire.listeners.open", () => listeners.States.Count(state => state.Problem is null), null, "Configured listeners that listen");
        meter.CreateObservableGauge("farwire.listeners.closed", () => listeners.States.Count(state => state.Problem is not null), null, "Configured listeners that something keeps closed");
        meter.CreateObservableGauge("farwire.certificate.remaining", () => listeners.States.Where(state => state.CertificateExpires is not null).Select(Remaining), "s", "Until the certificate of a listener ends");
        meter.CreateObservableGauge("farwire.shells.open", shells, null, "Shells of all users");
        meter.CreateObservableGauge("farwire.memory", () => Environment.WorkingSet, "By", "Memory of this process");
        return new MeterText(meter);
    }

    private static Measurement<double> Remaining(ListenerState state) => new(
        Math.Round((state.CertificateExpires!.Value.ToUniversalTime() - DateTime.UtcNow).TotalSeconds), new KeyValuePair<string, object?>("listener", state.Id));
}
