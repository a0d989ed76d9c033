using Farwire.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>A list that is open in the process of a plug-in. Items that are there at once travel together.</summary>
internal sealed class ServedList : IAsyncDisposable
{
    private const int MaxItems = 64;
    private const int MaxBytes = 64 * 1024;

    private readonly CancellationTokenSource _end = new();
    private readonly IAsyncEnumerator<PluginItem> _items;
    private Task<bool>? _next;

    public ServedList(Func<CancellationToken, IAsyncEnumerable<PluginItem>> open) => _items = open(_end.Token).GetAsyncEnumerator(_end.Token);

    /// <summary>Begins to listen, before anybody asks for the first item.</summary>
    public ServedList Begin()
    {
        _next = _items.MoveNextAsync().AsTask();
        return this;
    }

    // items, the end
    public async Task<byte[]> NextAsync(CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
        List<PluginItem> items = [];
        var bytes = 0;
        var next = _next ?? _items.MoveNextAsync().AsTask();
        _next = null;
        var more = await next.ConfigureAwait(false);
        while (more)
        {
            items.Add(_items.Current);
            bytes += _items.Current.Xml.Utf8.Length;
            if (items.Count >= MaxItems || bytes >= MaxBytes)
            {
                break;
            }

            next = _items.MoveNextAsync().AsTask();
            if (!next.IsCompletedSuccessfully)
            {
                _next = next;
                break;
            }

            more = await next.ConfigureAwait(false);
        }

        var answer = new PluginWriter();
        answer.Many(items, answer.Write);
        answer.Flag(!more);
        return answer.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        if (_next is { } next)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it was told to end, and nobody waits for its item
        }

        await _items.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }
}
