using System.Net.Sockets;
using System.Text;

namespace Farwire.Linux.Journal;

/// <summary>Writes entries with fields of their own into a journal. Safe for several threads.</summary>
/// <param name="socket">Where a journal daemon takes entries.</param>
/// <remarks>systemd.journal-fields(7), "Native Journal Protocol". For short entries: one datagram each.</remarks>
public sealed class JournalWriter(string socket = JournalWriter.DefaultSocket)
{
    /// <summary>The socket of the machine's own journal.</summary>
    public const string DefaultSocket = "/run/systemd/journal/socket";

    /// <summary>Writes an entry of texts.</summary>
    /// <exception cref="SocketException">Nobody takes it.</exception>
    public void Write(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var bytes = new (string, byte[])[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            bytes[i] = (fields[i].Name, Encoding.UTF8.GetBytes(fields[i].Value));
        }

        Write(bytes);
    }

    /// <summary>Writes an entry.</summary>
    /// <exception cref="SocketException">Nobody takes it.</exception>
    public void Write(params ReadOnlySpan<(string Name, byte[] Value)> fields)
    {
        using var entry = new MemoryStream();
        foreach (var (name, bytes) in fields)
        {
            // NAME, a line feed, the length in eight bytes, the value, a line feed: so a value may hold anything.
            entry.Write(Encoding.ASCII.GetBytes(name + "\n"));
            entry.Write(BitConverter.GetBytes((ulong)bytes.Length));
            entry.Write(bytes);
            entry.WriteByte((byte)'\n');
        }

        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        sender.SendTo(entry.GetBuffer().AsSpan(0, (int)entry.Length), SocketFlags.None, new UnixDomainSocketEndPoint(socket));
    }
}
