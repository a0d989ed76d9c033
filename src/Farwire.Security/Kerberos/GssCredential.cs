using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.Kerberos;

/// <summary>Keys of a service or tickets of a client, in the library's hands.</summary>
internal sealed unsafe class GssCredential : SafeHandle
{
    internal GssCredential(nint credential)
        : base(0, ownsHandle: true) => handle = credential;

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    /// <summary>The keys of <paramref name="keytab"/>, for any service named in it; null is the system's keytab.</summary>
    public static GssCredential OfKeytab(string? keytab) => From(Gss.Accept, $"the keytab {keytab ?? "of the system"}", ("keytab", keytab));

    /// <summary>Tickets that the first key of <paramref name="keytab"/> gets: those of a machine, for whom nobody types a password.</summary>
    public static GssCredential OfClientKeytab(string keytab) =>
        From(Gss.Initiate, $"the machine's keytab {keytab}", ("client_keytab", keytab), ("ccache", "MEMORY:farwire-machine"));

    /// <summary>The tickets of <paramref name="cache"/>; null is the user's own cache.</summary>
    public static GssCredential OfCache(string? cache) => From(Gss.Initiate, "your tickets ('kinit' gets some)", ("ccache", cache));

    /// <summary>Tickets that <paramref name="password"/> gets.</summary>
    public static GssCredential OfPassword(string user, string password)
    {
        var name = GssContext.Import(user, Gss.UserName);
        var secret = Encoding.UTF8.GetBytes(password);
        try
        {
            fixed (byte* bytes = secret)
            {
                var mechanisms = new Gss.OidSet { Count = 1, Elements = Gss.Kerberos };
                var major = Gss.AcquireWithPassword(
                    out var minor, name, GssContext.Buffer(bytes, secret.Length), Gss.Indefinite, &mechanisms, Gss.Initiate, out var credential, 0, 0);
                GssStatus.Check(major, minor, "the user and password", isUnavailable: true);
                return new GssCredential(credential);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            Gss.ReleaseName(out _, ref name);
        }
    }

    /// <summary>Writes the tickets to a cache, such as <c>FILE:/tmp/x</c>.</summary>
    public void StoreInto(string cache)
    {
        fixed (byte* keyBytes = "ccache\0"u8)
        fixed (byte* valueBytes = Encoding.UTF8.GetBytes(cache + '\0'))
        {
            var element = new Gss.KeyValue { Key = keyBytes, Value = valueBytes };
            var store = new Gss.KeyValues { Count = 1, Elements = &element };
            var major = Gss.StoreInto(out var minor, handle, Gss.Initiate, Gss.Kerberos, 1, 0, &store, 0, 0);
            GssStatus.Check(major, minor, "keeping tickets");
        }
    }

    protected override bool ReleaseHandle() => Gss.ReleaseCredential(out _, ref handle) == 0;

    private static GssCredential From(int usage, string what, params ReadOnlySpan<(string Key, string? Value)> places)
    {
        // Without a place the library takes the one that the environment names.
        var count = places[0].Value is null ? 0 : places.Length;
        var elements = stackalloc Gss.KeyValue[2];
        try
        {
            for (var i = 0; i < count; i++)
            {
                elements[i] = new Gss.KeyValue { Key = (byte*)Marshal.StringToCoTaskMemUTF8(places[i].Key), Value = (byte*)Marshal.StringToCoTaskMemUTF8(places[i].Value) };
            }

            var store = new Gss.KeyValues { Count = (uint)count, Elements = elements };
            var mechanisms = new Gss.OidSet { Count = 1, Elements = Gss.Kerberos };
            var major = Gss.AcquireFrom(out var minor, 0, Gss.Indefinite, &mechanisms, usage, count == 0 ? null : &store, out var credential, 0, 0);
            GssStatus.Check(major, minor, what, isUnavailable: true);
            return new GssCredential(credential);
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                Marshal.FreeCoTaskMem((nint)elements[i].Key);
                Marshal.FreeCoTaskMem((nint)elements[i].Value);
            }
        }
    }
}
