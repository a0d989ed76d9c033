using System.Collections.Immutable;
using Farwire.Service.Diagnostics;

namespace Farwire.AspNetCore;

/// <summary>A message as whoever watches sees it.</summary>
/// <param name="IsRequest">It came; else it went.</param>
/// <param name="Address">The other side; empty for a caller of this machine.</param>
/// <param name="User">Who sent or gets it.</param>
/// <param name="Xml">The envelope, without secrets; empty when the answer is none.</param>
public sealed record TracedMessage(bool IsRequest, string Address, string User, string Xml);

/// <summary>Shows messages, unsealed and without secrets, to those who watch; costs one look at a field when nobody does.</summary>
public sealed class SoapTrace
{
    private ImmutableList<Action<TracedMessage>> _watchers = [];

    /// <summary>Somebody watches.</summary>
    public bool IsWatched => !_watchers.IsEmpty;

    /// <summary>Shows every message to <paramref name="watcher"/>, which must not wait, until the result is disposed.</summary>
    public IDisposable Watch(Action<TracedMessage> watcher)
    {
        ImmutableInterlocked.Update(ref _watchers, (all, one) => all.Add(one), watcher);
        return new Watching(this, watcher);
    }

    internal void Show(bool isRequest, string address, string user, ReadOnlyMemory<byte> utf8)
    {
        var message = new TracedMessage(isRequest, address, user, utf8.IsEmpty ? "" : SoapRedaction.Redact(utf8));
        foreach (var watcher in _watchers)
        {
            watcher(message);
        }
    }

    private sealed class Watching(SoapTrace trace, Action<TracedMessage> watcher) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref trace._watchers, (all, one) => all.Remove(one), watcher);
    }
}
