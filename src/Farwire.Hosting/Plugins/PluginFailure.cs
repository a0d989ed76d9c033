using Farwire.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>What was thrown on one side of a channel, as the other side throws it.</summary>
internal static class PluginFailure
{
    private const int MaxText = 8 * 1024;

    // kind, then for a refusal: code, message, XML ("" none); else a message.
    private enum Kind : byte
    {
        Refused = 1,
        Cancelled,
        NotOffered,
        NotLoaded,
        Failed,
    }

    public static byte[] Write(Exception exception)
    {
        var message = new PluginWriter();
        switch (exception)
        {
            case PluginException refused:
                message.Byte((byte)Kind.Refused);
                message.UInt32(refused.Code);
                message.Text(refused.Message);
                message.Text(refused.ExtendedXml ?? "");
                break;
            case OperationCanceledException:
                message.Byte((byte)Kind.Cancelled);
                break;
            case PluginNotOfferedException:
                message.Byte((byte)Kind.NotOffered);
                message.Text(exception.Message);
                break;
            case PluginNotLoadedException:
                message.Byte((byte)Kind.NotLoaded);
                message.Text(exception.Message);
                break;
            default:
                message.Byte((byte)Kind.Failed);
                var text = exception.ToString();
                message.Text(text.Length > MaxText ? text[..MaxText] : text);
                break;
        }

        return message.ToArray();
    }

    public static Exception Read(ReadOnlyMemory<byte> content)
    {
        var message = new PluginReader(content);
        return (Kind)message.Byte() switch
        {
            Kind.Refused => new PluginException(message.UInt32(), message.Text(), message.Text() is { Length: > 0 } xml ? xml : null),
            Kind.Cancelled => new OperationCanceledException("The plug-in gave the operation up."),
            Kind.NotOffered => new PluginNotOfferedException(message.Text()),
            Kind.NotLoaded => new PluginNotLoadedException(message.Text()),
            _ => new PluginProcessException(message.Text()),
        };
    }
}
