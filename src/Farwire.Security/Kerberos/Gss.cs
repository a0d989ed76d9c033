using System.Runtime.InteropServices;

namespace Farwire.Security.Kerberos;

/// <summary>The calls of MIT Kerberos' GSS-API library that Kerberos needs.</summary>
/// <remarks>RFC 2744, "Generic Security Service API Version 2: C-bindings"; MIT krb5, "gssapi_ext.h".</remarks>
internal static unsafe partial class Gss
{
    public const uint Continue = 1; // GSS_S_CONTINUE_NEEDED
    public const uint ErrorMask = 0xFFFF0000;
    public const uint Indefinite = 0xFFFFFFFF;
    public const int Initiate = 1;
    public const int Accept = 2;

    public const uint Delegate = 0x1;
    public const uint Mutual = 0x2;
    public const uint Replay = 0x4;
    public const uint Sequence = 0x8;
    public const uint Confidential = 0x10;
    public const uint Integrity = 0x20;
    public const uint ChannelBound = 0x800;

    private const string Library = "libgssapi_krb5.so.2";

    /// <summary>The library is on this machine.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(Gss).Assembly, null, out _);

    /// <summary>The mechanism Kerberos; lives as long as the process.</summary>
    public static Oid* Kerberos { get; } = Allocate([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02]);

    /// <summary>Names as <c>service@host</c>.</summary>
    public static Oid* HostBasedService { get; } = Allocate([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04]);

    /// <summary>Names of users.</summary>
    public static Oid* UserName { get; } = Allocate([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x01]);

    [LibraryImport(Library, EntryPoint = "gss_import_name")]
    public static partial uint ImportName(out uint minor, in Buffer text, Oid* type, out nint name);

    [LibraryImport(Library, EntryPoint = "gss_display_name")]
    public static partial uint DisplayName(out uint minor, nint name, out Buffer text, out nint type);

    [LibraryImport(Library, EntryPoint = "gss_localname")]
    public static partial uint LocalName(out uint minor, nint name, Oid* mechanism, out Buffer account);

    [LibraryImport(Library, EntryPoint = "gss_get_name_attribute")]
    public static partial uint GetNameAttribute(
        out uint minor, nint name, in Buffer attribute, out int isAuthenticated, out int isComplete, out Buffer value, out Buffer display, ref int more);

    [LibraryImport(Library, EntryPoint = "gss_release_name")]
    public static partial uint ReleaseName(out uint minor, ref nint name);

    [LibraryImport(Library, EntryPoint = "gss_acquire_cred_from")]
    public static partial uint AcquireFrom(
        out uint minor, nint name, uint time, OidSet* mechanisms, int usage, KeyValues* store, out nint credential, nint actual, nint lifetime);

    [LibraryImport(Library, EntryPoint = "gss_acquire_cred_with_password")]
    public static partial uint AcquireWithPassword(
        out uint minor, nint name, in Buffer password, uint time, OidSet* mechanisms, int usage, out nint credential, nint actual, nint lifetime);

    [LibraryImport(Library, EntryPoint = "gss_store_cred_into")]
    public static partial uint StoreInto(
        out uint minor, nint credential, int usage, Oid* mechanism, uint overwrite, uint makeDefault, KeyValues* store, nint stored, nint storedUsage);

    [LibraryImport(Library, EntryPoint = "gss_release_cred")]
    public static partial uint ReleaseCredential(out uint minor, ref nint credential);

    [LibraryImport(Library, EntryPoint = "gss_accept_sec_context")]
    public static partial uint AcceptContext(
        out uint minor, ref nint context, nint credential, in Buffer token, Bindings* bindings, out nint source, nint mechanism, out Buffer reply,
        out uint flags, nint lifetime, out nint delegated);

    [LibraryImport(Library, EntryPoint = "gss_init_sec_context")]
    public static partial uint InitContext(
        out uint minor, nint credential, ref nint context, nint target, Oid* mechanism, uint wanted, uint time, Bindings* bindings, in Buffer token,
        nint actual, out Buffer reply, out uint flags, nint lifetime);

    [LibraryImport(Library, EntryPoint = "gss_delete_sec_context")]
    public static partial uint DeleteContext(out uint minor, ref nint context, nint token);

    [LibraryImport(Library, EntryPoint = "gss_wrap")]
    public static partial uint Wrap(out uint minor, nint context, int confidential, uint quality, in Buffer plain, out int isConfidential, out Buffer wrapped);

    [LibraryImport(Library, EntryPoint = "gss_unwrap")]
    public static partial uint Unwrap(out uint minor, nint context, in Buffer wrapped, out Buffer plain, out int isConfidential, out uint quality);

    [LibraryImport(Library, EntryPoint = "gss_get_mic")]
    public static partial uint GetMic(out uint minor, nint context, uint quality, in Buffer message, out Buffer mic);

    [LibraryImport(Library, EntryPoint = "gss_verify_mic")]
    public static partial uint VerifyMic(out uint minor, nint context, in Buffer message, in Buffer mic, out uint quality);

    [LibraryImport(Library, EntryPoint = "gss_release_buffer")]
    public static partial uint ReleaseBuffer(out uint minor, ref Buffer buffer);

    [LibraryImport(Library, EntryPoint = "gss_display_status")]
    public static partial uint DisplayStatus(out uint minor, uint status, int type, Oid* mechanism, ref uint more, out Buffer text);

    private static Oid* Allocate(ReadOnlySpan<byte> elements)
    {
        var oid = (Oid*)NativeMemory.Alloc((nuint)sizeof(Oid));
        oid->Elements = (byte*)NativeMemory.Alloc((nuint)elements.Length);
        oid->Length = (uint)elements.Length;
        elements.CopyTo(new Span<byte>(oid->Elements, elements.Length));
        return oid;
    }

    /// <summary>gss_buffer_desc</summary>
    public struct Buffer
    {
        public nuint Length;
        public byte* Value;

        public readonly Span<byte> Span => new(Value, checked((int)Length));
    }

    /// <summary>gss_OID_desc</summary>
    public struct Oid
    {
        public uint Length;
        public byte* Elements;
    }

    /// <summary>gss_OID_set_desc</summary>
    public struct OidSet
    {
        public nuint Count;
        public Oid* Elements;
    }

    /// <summary>gss_channel_bindings_struct</summary>
    public struct Bindings
    {
        public uint InitiatorType;
        public Buffer Initiator;
        public uint AcceptorType;
        public Buffer Acceptor;
        public Buffer ApplicationData;
    }

    /// <summary>gss_key_value_set_desc with one element</summary>
    public struct KeyValues
    {
        public uint Count;
        public KeyValue* Elements;
    }

    /// <summary>gss_key_value_element_desc</summary>
    public struct KeyValue
    {
        public byte* Key;
        public byte* Value;
    }
}
