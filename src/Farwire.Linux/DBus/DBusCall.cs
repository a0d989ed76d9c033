namespace Farwire.Linux.DBus;

/// <summary>A call of a method.</summary>
/// <param name="Destination">The service's name on the bus.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The method.</param>
/// <remarks>D-Bus Specification, "Method Calls".</remarks>
public sealed record DBusCall(string Destination, string Path, string Interface, string Member)
{
    /// <summary>The types of the arguments.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Writes the arguments.</summary>
    public Action<DBusWriter>? Arguments { get; init; }

    /// <summary>Asks an object for a property.</summary>
    public static DBusCall Get(string destination, string path, string interfaceName, string property) =>
        new(destination, path, "org.freedesktop.DBus.Properties", "Get") { Signature = "ss", Arguments = w => w.String(interfaceName).String(property) };

    // byte order, type, flags, version; body length; serial; fields: path 1, interface 2, member 3, destination 6, signature 8.
    internal ReadOnlyMemory<byte> Write(uint serial)
    {
        var body = new DBusWriter();
        Arguments?.Invoke(body);

        var fields = new DBusWriter();
        Field(fields, 1, "o", Path);
        Field(fields, 2, "s", Interface);
        Field(fields, 3, "s", Member);
        Field(fields, 6, "s", Destination);
        if (Signature.Length > 0)
        {
            fields.Align(8).Byte(8).Signature("g").Signature(Signature);
        }

        var message = new DBusWriter();
        message.Byte((byte)'l').Byte((byte)DBusMessageType.MethodCall).Byte(0).Byte(1);
        message.UInt32((uint)body.Written.Length).UInt32(serial).UInt32((uint)fields.Written.Length);
        message.Raw(fields.Written.Span);
        message.Align(8).Raw(body.Written.Span);
        return message.Written;
    }

    private static void Field(DBusWriter fields, byte code, string signature, string value) =>
        fields.Align(8).Byte(code).Signature(signature).String(value);
}
