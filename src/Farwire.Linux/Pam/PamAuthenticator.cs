using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.Linux.Pam;

/// <summary>Asks the system's own authentication about a password.</summary>
/// <remarks>
/// pam(3): 1. a transaction for the service and the user, 2. who asks and from where, for the modules' logs, 3. authentication, in which modules ask for
/// the password through a conversation, 4. the state of the account, 5. the end. No session is opened: limits of sessions would fall on this process.
/// A wrong password takes seconds, for modules delay their answer: callers keep such waits off the thread pool.
/// </remarks>
public sealed unsafe partial class PamAuthenticator(string service = "farwire", string? configurationFolder = null)
{
    private const int Success = 0;
    private const int ConversationError = 19;
    private const int BufferError = 5;
    private const int PromptEchoOff = 1;
    private const int Terminal = 3; // PAM_TTY
    private const int RemoteHost = 4; // PAM_RHOST
    private const int Silent = 0x8000;
    private const int RefuseEmptyPassword = 0x1;
    private const int MaxMessages = 32; // PAM_MAX_NUM_MSG

    private static readonly Lazy<bool> Present = new(() => NativeLibrary.TryLoad("libpam.so.0", out _));

    /// <summary>The library is on this machine.</summary>
    public static bool IsPresent => Present.Value;

    /// <summary>Checks <paramref name="password"/>; blocks for as long as the modules take.</summary>
    /// <param name="user">The account.</param>
    /// <param name="password">The password, in UTF-8; a zero in it is refused.</param>
    /// <param name="peer">The client's address.</param>
    public PamVerdict Check(string user, ReadOnlySpan<byte> password, string peer)
    {
        if (!IsPresent)
        {
            return PamVerdict.Unavailable;
        }

        if (user.Length == 0 || user.Contains('\0', StringComparison.Ordinal) || password.Contains((byte)0))
        {
            return PamVerdict.Refused;
        }

        var secret = (byte*)NativeMemory.AllocZeroed((nuint)password.Length + 1);
        password.CopyTo(new Span<byte>(secret, password.Length));
        try
        {
            return Run(user, new Conversation { Answer = &Converse, Secret = secret }, peer);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(secret, password.Length));
            NativeMemory.Free(secret);
        }
    }

    private PamVerdict Run(string user, Conversation conversation, string peer)
    {
        // 1
        nint transaction;
        var status = configurationFolder is null
            ? Start(service, user, &conversation, &transaction)
            : StartIn(service, user, &conversation, configurationFolder, &transaction);
        if (status != Success)
        {
            return PamVerdict.Unavailable;
        }

        try
        {
            // 2
            Set(transaction, RemoteHost, peer.Length > 0 ? peer : "localhost");
            Set(transaction, Terminal, service);

            // 3
            status = Authenticate(transaction, Silent | RefuseEmptyPassword);
            if (status != Success)
            {
                return status is 3 or 4 or 9 ? PamVerdict.Unavailable : PamVerdict.Refused; // service error, system error, no authentication data
            }

            // 4
            status = ManageAccount(transaction, Silent);
            return status == Success ? PamVerdict.Accepted : PamVerdict.AccountUnusable;
        }
        finally
        {
            _ = End(transaction, status); // 5
        }
    }

    // PAM frees the answers with free(3): they must come from malloc(3), as NativeMemory's do.
    [UnmanagedCallersOnly]
    private static int Converse(int count, Message** messages, Response** responses, byte* secret)
    {
        if (count is < 1 or > MaxMessages)
        {
            return ConversationError;
        }

        var answers = (Response*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Response));
        if (answers == null)
        {
            return BufferError;
        }

        for (var i = 0; i < count; i++)
        {
            // The one question that can be answered here is for the password; what is only told needs no answer.
            if (messages[i]->Style == PromptEchoOff)
            {
                var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(secret);
                var copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
                text.CopyTo(new Span<byte>(copy, text.Length));
                answers[i].Text = copy;
            }
        }

        *responses = answers;
        return Success;
    }

    private static void Set(nint transaction, int item, string value)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(value + '\0'))
        {
            _ = SetItem(transaction, item, text);
        }
    }

    [LibraryImport("libpam.so.0", EntryPoint = "pam_start", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Start(string service, string user, Conversation* conversation, nint* transaction);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_start_confdir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StartIn(string service, string user, Conversation* conversation, string folder, nint* transaction);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_set_item")]
    private static partial int SetItem(nint transaction, int item, byte* value);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_authenticate")]
    private static partial int Authenticate(nint transaction, int flags);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_acct_mgmt")]
    private static partial int ManageAccount(nint transaction, int flags);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_end")]
    private static partial int End(nint transaction, int status);

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public int Style;
        public byte* Text;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Response
    {
        public byte* Text;
        public int Code;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Conversation
    {
        public delegate* unmanaged<int, Message**, Response**, byte*, int> Answer;
        public byte* Secret;
    }
}
