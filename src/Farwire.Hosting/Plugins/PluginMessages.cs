using Farwire.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>Requests, items and shells as the content of frames: each written and read in the same order.</summary>
internal static class PluginMessages
{
    public static void Write(this PluginWriter message, PluginRequest request)
    {
        message.Text(request.Sender.Name);
        message.Text(request.Sender.Account);
        message.Text(request.Sender.Mechanism);
        message.Text(request.Sender.Address);
        message.Text(request.ResourceUri);
        message.Pairs(request.Selectors);
        message.Write(request.Options);
        message.OptionalText(request.Locale);
        message.OptionalText(request.DataLocale);
        message.OptionalText(request.Fragment?.Path);
        message.OptionalText(request.Fragment?.Dialect);
        message.OptionalText(request.Filter?.Dialect);
        message.OptionalText(request.Filter?.Text);
        message.Flag(request.Input is not null);
        if (request.Input is { } input)
        {
            message.Byte((byte)input.Rendering);
            message.Bytes(input.Utf8.Span);
        }

        message.Int32(request.MaxEnvelopeBytes);
        message.Int64(request.Timeout.Ticks);
    }

    public static PluginRequest Request(this PluginReader message)
    {
        var request = new PluginRequest
        {
            Sender = new Sender(message.Text(), message.Text(), message.Text(), message.Text()),
            ResourceUri = message.Text(),
            Selectors = message.Pairs(),
            Options = message.Options(),
            Locale = message.OptionalText(),
            DataLocale = message.OptionalText(),
        };
        var (path, fragmentDialect) = (message.OptionalText(), message.OptionalText());
        var (dialect, filter) = (message.OptionalText(), message.OptionalText());
        var input = message.Flag() ? Input((XmlRendering)message.Byte(), message.Bytes()) : null;
        return request with
        {
            Fragment = path is null ? null : new PluginFragment(path, fragmentDialect),
            Filter = dialect is null ? null : new PluginFilter(dialect, filter ?? ""),
            Input = input,
            MaxEnvelopeBytes = message.Int32(),
            Timeout = TimeSpan.FromTicks(message.Int64()),
        };
    }

    public static void Write(this PluginWriter message, IReadOnlyList<PluginOption> options) => message.Many(options, option =>
    {
        message.Text(option.Name);
        message.OptionalText(option.Value);
        message.Flag(option.MustComply);
    });

    public static List<PluginOption> Options(this PluginReader message) => message.Many(() => new PluginOption(message.Text(), message.OptionalText(), message.Flag()));

    public static void Write(this PluginWriter message, PluginShellRequest shell)
    {
        message.Write(shell.Request);
        message.Text(shell.ShellId);
        message.Pairs(shell.Environment);
        message.OptionalText(shell.WorkingDirectory);
        message.Many(shell.InputStreams, message.Text);
        message.Many(shell.OutputStreams, message.Text);
        message.OptionalText(shell.CreationXml);
    }

    public static PluginShellRequest ShellRequest(this PluginReader message) => new(message.Request(), message.Text())
    {
        Environment = message.Pairs(),
        WorkingDirectory = message.OptionalText(),
        InputStreams = message.Many(message.Text),
        OutputStreams = message.Many(message.Text),
        CreationXml = message.OptionalText(),
    };

    public static void Write(this PluginWriter message, PluginItem item)
    {
        message.Bytes(item.Xml.Utf8.Span);
        message.Flag(item.Selectors is not null);
        if (item.Selectors is not null)
        {
            message.Pairs([.. item.Selectors]);
        }
    }

    public static PluginItem Item(this PluginReader message) => new(new PluginXml(message.Bytes()), message.Flag() ? message.Pairs() : null);

    private static PluginInput Input(XmlRendering rendering, byte[] utf8) => new(utf8, rendering);
}
