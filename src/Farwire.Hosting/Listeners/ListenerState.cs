namespace Farwire.Hosting.Listeners;

/// <summary>How a configured listener is.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="Port">Its port.</param>
/// <param name="Problem">Why it stays closed; null when it listens.</param>
/// <param name="CertificateExpires">When the certificate that it shows ends.</param>
internal sealed record ListenerState(string Id, int Port, string? Problem, DateTime? CertificateExpires);
