using System.Runtime.InteropServices;
using System.Text;
using Farwire.Security.ChannelBinding;

namespace Farwire.Security.Kerberos;

/// <summary>A security context of the library.</summary>
internal sealed class GssContext : SafeHandle
{
    public GssContext()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The service's step.</summary>
    /// <param name="credential">The service's keys.</param>
    /// <param name="token">The client's token.</param>
    /// <param name="binding">What the client must be bound to; null does not look.</param>
    /// <param name="more">Another token is needed.</param>
    /// <param name="flags">What was agreed.</param>
    /// <param name="source">The client's name; the caller releases it.</param>
    /// <param name="tickets">What the client left to be used in its name; null when nothing.</param>
    public unsafe byte[] Accept(
        nint credential, ReadOnlySpan<byte> token, TlsBinding? binding, out bool more, out uint flags, out nint source, out DelegatedTickets? tickets)
    {
        fixed (byte* tokenBytes = token)
        fixed (byte* bindingBytes = binding is null ? default : binding.ApplicationData)
        {
            var bindings = new Gss.Bindings { ApplicationData = Buffer(bindingBytes, binding?.ApplicationData.Length ?? 0) };
            var major = Gss.AcceptContext(
                out var minor, ref handle, credential, Buffer(tokenBytes, token.Length), binding is null ? null : &bindings, out source, 0, out var reply,
                out flags, 0, out var delegated);
            tickets = delegated == 0 ? null : new DelegatedTickets(new GssCredential(delegated));
            var bytes = GssStatus.Take(ref reply);
            GssStatus.Check(major, minor, "taking the client's ticket");
            more = (major & Gss.Continue) != 0;
            return bytes;
        }
    }

    /// <summary>The client's step.</summary>
    public unsafe byte[] Initiate(nint credential, nint target, uint wanted, ReadOnlySpan<byte> token, TlsBinding? binding, out bool more, out uint flags)
    {
        fixed (byte* tokenBytes = token)
        fixed (byte* bindingBytes = binding is null ? default : binding.ApplicationData)
        {
            var bindings = new Gss.Bindings { ApplicationData = Buffer(bindingBytes, binding?.ApplicationData.Length ?? 0) };
            var first = IsInvalid;
            var major = Gss.InitContext(
                out var minor, credential, ref handle, target, Gss.Kerberos, wanted, 0, binding is null ? null : &bindings, Buffer(tokenBytes, token.Length), 0,
                out var reply, out flags, 0);
            var bytes = GssStatus.Take(ref reply);
            GssStatus.Check(major, minor, first ? "asking for a ticket" : "checking the service's answer", isUnavailable: first);
            more = (major & Gss.Continue) != 0;
            return bytes;
        }
    }

    public unsafe byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        fixed (byte* bytes = plain)
        {
            var major = Gss.Wrap(out var minor, handle, 1, 0, Buffer(bytes, plain.Length), out var confidential, out var wrapped);
            var result = GssStatus.Take(ref wrapped);
            GssStatus.Check(major, minor, "sealing");
            return confidential != 0 ? result : throw new SecurityTokenException("Kerberos did not encrypt.");
        }
    }

    /// <summary>Opens <paramref name="wrapped"/> into the room it has; gives the count of plain bytes.</summary>
    public unsafe int Unwrap(Span<byte> wrapped)
    {
        fixed (byte* bytes = wrapped)
        {
            var major = Gss.Unwrap(out var minor, handle, Buffer(bytes, wrapped.Length), out var plain, out var confidential, out _);
            try
            {
                GssStatus.Check(major, minor, "opening a sealed message");

                // Supplementary bits say: repeated, old, out of order. A message that is only signed is none of ours.
                if (major != 0 || confidential == 0)
                {
                    throw new SecurityTokenException("A Kerberos message came again, out of order or in clear.");
                }

                plain.Span.CopyTo(wrapped);
                return (int)plain.Length;
            }
            finally
            {
                Gss.ReleaseBuffer(out _, ref plain);
            }
        }
    }

    public unsafe byte[] Sign(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            var major = Gss.GetMic(out var minor, handle, 0, Buffer(bytes, message.Length), out var mic);
            var result = GssStatus.Take(ref mic);
            GssStatus.Check(major, minor, "signing");
            return result;
        }
    }

    public unsafe void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        fixed (byte* bytes = message)
        fixed (byte* mic = signature)
        {
            var major = Gss.VerifyMic(out var minor, handle, Buffer(bytes, message.Length), Buffer(mic, signature.Length), out _);
            GssStatus.Check(major, minor, "checking a signature");
        }
    }

    /// <summary>Makes a name of the library; the caller releases it.</summary>
    public static unsafe nint Import(string name, Gss.Oid* type)
    {
        var text = Encoding.UTF8.GetBytes(name);
        fixed (byte* bytes = text)
        {
            GssStatus.Check(Gss.ImportName(out var minor, Buffer(bytes, text.Length), type, out var imported), minor, $"the name '{name}'");
            return imported;
        }
    }

    internal static unsafe Gss.Buffer Buffer(byte* bytes, int length) => new() { Length = (nuint)length, Value = bytes };

    protected override bool ReleaseHandle() => Gss.DeleteContext(out _, ref handle, 0) == 0;
}
