using System.Security.Cryptography;
using System.Text;
using Farwire.Hosting.Hardware;
using Farwire.Linux.Files;
using Farwire.Security.Accounts;

namespace Farwire.Daemon;

/// <summary><c>farwired bmc seal NAME</c>: the password of a controller as <c>bmc.yaml</c> takes it.</summary>
internal static class BmcCommand
{
    public static int Run(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        if (args is not (["seal", { Length: > 0 } name, .. var rest] and not ["seal", ['-', ..], ..]) || rest is not ([] or ["--key", { Length: > 0 }]))
        {
            errors.WriteLine("farwired: bmc takes: seal NAME [--key FILE], and the password on standard input.");
            return 64;
        }

        if (input.ReadLine() is not { Length: > 0 } password)
        {
            errors.WriteLine("farwired: the password is empty; write it on standard input.");
            return 65;
        }

        var file = rest is [_, var given] ? given : "/var/lib/farwire/key";
        var secret = Encoding.UTF8.GetBytes(password);
        try
        {
            using var key = SecretKey.OpenOrCreate(file);
            output.WriteLine(key.Seal(name, BmcFile.Purpose, secret));
            if (Environment.IsPrivilegedProcess)
            {
                Ownership.GiveToOwnerOfFolder(file); // the service reads it without root's rights
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or System.ComponentModel.Win32Exception)
        {
            errors.WriteLine($"farwired: {e.Message.TrimEnd('.')}; give a key in a folder that you may write (--key).");
            return 78;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
