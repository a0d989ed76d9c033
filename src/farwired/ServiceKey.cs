using Farwire.Processes.Broker;
using Farwire.Security.Accounts;
using Microsoft.Win32.SafeHandles;

namespace Farwire.Daemon;

/// <summary>The key that the secrets of users and of the configuration are sealed under.</summary>
/// <remarks>
/// systemd.exec(5), "Credentials": a unit with <c>LoadCredentialEncrypted=farwire-key</c> brings it, bound to the machine's TPM where it has one, and no file
/// of the service holds it. Else it is the file <c>key</c> beside the users'.
/// </remarks>
internal static class ServiceKey
{
    /// <summary>The word by which the service knows that the key is on a descriptor.</summary>
    public const string Given = "--key-given";

    private const string Name = "farwire-key";

    /// <summary>The credential of the unit, where it has one.</summary>
    public static string? Credential =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.Combine(folder, Name) is var file && File.Exists(file) ? file : null;

    /// <summary>Opens it; without a credential it is made with its file when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no key, or others may read its file.</exception>
    public static SecretKey Open(RunOptions options) =>
        options.HasKey ? SecretKey.Take(FromDescriptor(), "The credential " + Name)
        : Credential is { } file ? SecretKey.Take(File.ReadAllBytes(file), file)
        : SecretKey.OpenOrCreate(Path.Combine(options.Files.StateFolder, "key"));

    private static byte[] FromDescriptor()
    {
        using var file = new SafeFileHandle(FrontProcess.SecretDescriptor, ownsHandle: true);
        var key = new byte[RandomAccess.GetLength(file)];
        return RandomAccess.Read(file, key, 0) == key.Length ? key : throw new InvalidDataException("The key that was handed over is cut off.");
    }
}
