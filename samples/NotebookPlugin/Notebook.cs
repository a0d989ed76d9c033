using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Xml.Linq;
using Farwire.Plugins;

namespace Farwire.Samples.NotebookPlugin;

/// <summary>Notes that can be made, read, changed, removed and listed: a plug-in of operations.</summary>
public sealed class Notebook : IGetPlugin, IPutPlugin, ICreatePlugin, IDeletePlugin, IInvokePlugin, IEnumeratePlugin, ISubscribePlugin
{
    private static readonly XNamespace Ns = "http://schemas.example.com/notebook";

    private readonly ConcurrentDictionary<string, string> _notes = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<string>, bool> _readers = new();
    private PluginStartup? _startup;
    private string? _diary;

    public ValueTask StartupAsync(PluginStartup startup, CancellationToken cancellationToken)
    {
        _startup = startup;
        _diary = startup.Parameters.GetValueOrDefault("Diary");
        Write($"startup {(int)startup.Reason}");
        return ValueTask.CompletedTask;
    }

    public ValueTask ShutdownAsync(ShutdownReason reason, CancellationToken cancellationToken)
    {
        Write($"shutdown {(int)reason}");
        return ValueTask.CompletedTask;
    }

    public ValueTask<PluginXml> GetAsync(PluginRequest request, CancellationToken cancellationToken)
    {
        var title = Title(request);
        return request.Fragment is { Path: "Text" } or null
            ? ValueTask.FromResult(NoteXml(title, Find(title)))
            : throw new PluginException(2150858899, $"a note has no part '{request.Fragment.Path}'; it has Text.");
    }

    public ValueTask<PluginXml> PutAsync(PluginRequest request, CancellationToken cancellationToken)
    {
        var title = Title(request);
        Find(title);
        _notes[title] = TextOf(request.Input);
        return ValueTask.FromResult(NoteXml(title, _notes[title]));
    }

    public ValueTask<IReadOnlyList<KeyValuePair<string, string>>> CreateAsync(PluginRequest request, CancellationToken cancellationToken)
    {
        var title = Title(request);
        if (!_notes.TryAdd(title, TextOf(request.Input)))
        {
            throw new PluginException(2150858803, $"there is a note '{title}' already.");
        }

        foreach (var reader in _readers.Keys)
        {
            reader.Writer.TryWrite(title);
        }

        return ValueTask.FromResult<IReadOnlyList<KeyValuePair<string, string>>>([KeyValuePair.Create("Title", title)]);
    }

    public ValueTask DeleteAsync(PluginRequest request, CancellationToken cancellationToken) =>
        _notes.TryRemove(Title(request), out _) ? ValueTask.CompletedTask : throw Missing(Title(request));

    public async ValueTask<PluginXml> InvokeAsync(PluginRequest request, string method, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case "Describe":
                return Output(
                    method,
                    ("Reason", ((int)_startup!.Reason).ToString(CultureInfo.InvariantCulture)),
                    ("Process", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
                    ("Account", Environment.UserName),
                    ("Assembly", typeof(Notebook).Assembly.Location),
                    ("Rendering", request.Input is null ? "none" : request.Input.Reader is null ? "string" : "reader"),
                    ("Caller", request.Sender.Name),
                    ("Options", string.Join(' ', request.Options.Select(option => $"{option.Name}={option.Value}"))),
                    ("Parameters", string.Join(' ', _startup.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"))));
            case "Wait":
                try
                {
                    Write("waiting");
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Write("cancelled");
                    throw;
                }

                return Output(method);
            case "WaitForFile":
                while (!File.Exists(XElement.Parse(request.Input!.Text!).Value))
                {
                    await Task.Delay(20, cancellationToken);
                }

                return Output(method);
            case "Refuse":
                throw new PluginException(5, "this notebook is closed.", "<reason xmlns=\"http://schemas.example.com/notebook\">closed</reason>");
            case "Fail":
                throw new InvalidOperationException("a bug of the notebook");
            case "Exit":
                Environment.Exit(3);
                return Output(method);
            case "Abandon":
                using (System.Diagnostics.Process.Start("sleep", ["300"])) // which has the standard streams of this process, too
                {
                    Environment.Exit(3);
                }

                return Output(method);
            case "Hang":
                Thread.Sleep(Timeout.Infinite);
                return Output(method);
            case "Nonsense":
                return PluginXml.Of("<a><b></a>");
            default:
                throw new PluginException(2150858753, $"a notebook has no method '{method}'.");
        }
    }

    public async IAsyncEnumerable<PluginItem> EnumerateAsync(PluginRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (title, text) in _notes.OrderBy(note => note.Key, StringComparer.Ordinal))
        {
            if (request.Filter is null || text.Contains(request.Filter.Text, StringComparison.Ordinal))
            {
                yield return new PluginItem(NoteXml(title, text), [KeyValuePair.Create("Title", title)]);
            }
        }
    }

    public async IAsyncEnumerable<PluginItem> SubscribeAsync(PluginRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var added = Channel.CreateBounded<string>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });
        _readers[added] = true;
        try
        {
            await foreach (var title in added.Reader.ReadAllAsync(cancellationToken))
            {
                yield return new PluginItem(NoteXml(title, _notes.GetValueOrDefault(title, "")));
            }
        }
        finally
        {
            _readers.TryRemove(added, out _);
            Write("unsubscribed");
        }
    }

    private static string Title(PluginRequest request) => request.Selector("Title") ?? throw new PluginException(2150858842, "a note is keyed by Title.");

    private string Find(string title) => _notes.TryGetValue(title, out var text) ? text : throw Missing(title);

    private static PluginException Missing(string title) => new(2150858752, $"there is no note '{title}'.");

    private static string TextOf(PluginInput? input)
    {
        var note = input is null ? throw new PluginException(2150858817, "a note has a body.") : input.Reader is { } reader ? XElement.Load(reader) : XElement.Parse(input.Text!);
        return note.Element(Ns + "Text")?.Value ?? "";
    }

    private static PluginXml NoteXml(string title, string text) =>
        PluginXml.Of(new XElement(Ns + "Note", new XAttribute(XNamespace.Xmlns + "n", Ns), new XElement(Ns + "Title", title), new XElement(Ns + "Text", text)).ToString(SaveOptions.DisableFormatting));

    private static PluginXml Output(string method, params (string Name, string Value)[] values) =>
        PluginXml.Of(new XElement(Ns + $"{method}_OUTPUT", values.Select(value => new XElement(Ns + value.Name, value.Value))).ToString(SaveOptions.DisableFormatting));

    private void Write(string line)
    {
        if (_diary is not null)
        {
            File.AppendAllText(_diary, line + "\n");
        }
    }
}
