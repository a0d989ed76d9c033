using System.Security.Cryptography;
using Farwire.Linux.Files;
using Farwire.Security.Accounts;
using Farwire.Security.Ntlm;

namespace Farwire.Daemon;

/// <summary><c>farwired user</c>: the file of Farwire's own users.</summary>
internal static class UserCommand
{
    public static int Run(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        try
        {
            var words = UserWords.Parse(args);
            var store = UserStore.Open(words.File);
            var code = words.Verb switch
            {
                "list" => List(store, output),
                "remove" => store.Remove(words.Name) ? 0 : Complain(errors, Unknown(words), 65),
                "add" when store.Find(words.Name) is not null => Complain(errors, $"there is a user '{words.Name}' in {words.File} already; 'farwired user passwd {words.Name}' gives another password", 65),
                "passwd" when store.Find(words.Name) is null => Complain(errors, Unknown(words), 65),
                _ => Put(words, store, input, errors),
            };
            if (Environment.IsPrivilegedProcess && words.Verb != "list")
            {
                // The service reads them without root's rights: its folder says whose they are.
                foreach (var file in new[] { words.File, words.Key }.Where(File.Exists))
                {
                    Ownership.GiveToOwnerOfFolder(file);
                }
            }

            return code;
        }
        catch (FormatException e)
        {
            return Complain(errors, e.Message, 64);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            return Complain(errors, e.Message.TrimEnd('.'), 65);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return Complain(errors, $"{e.Message.TrimEnd('.')}; give a file in a folder that you may write (--file)", 78);
        }
    }

    private static int Put(UserWords words, UserStore store, TextReader input, TextWriter errors)
    {
        var password = Console.IsInputRedirected ? input.ReadLine() : ReadHidden($"Password of {words.Name}: ", errors);
        if (string.IsNullOrEmpty(password))
        {
            return Complain(errors, "the password is empty; write it on standard input", 65);
        }

        // Whoever had an NT hash keeps one, of the new password.
        var known = store.Find(words.Name);
        store.Put(new StoredUser(
            known?.Name ?? words.Name,
            known?.Account ?? words.Account ?? Environment.UserName,
            PasswordHash.Of(password),
            words.NtHash || known?.NtHash is not null ? Sealed(words.Key, known?.Name ?? words.Name, password) : null));
        return 0;
    }

    // Worth the password: it lies under a key in another file, which a copy of the user file does not have.
    private static string Sealed(string keyFile, string name, string password)
    {
        using var key = SecretKey.OpenOrCreate(keyFile);
        var hash = NtHash.Of(password);
        try
        {
            return key.Seal(name, NtlmService.NtHashPurpose, hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(hash);
        }
    }

    private static int List(UserStore store, TextWriter output)
    {
        foreach (var user in store.Users.OrderBy(u => u.Name, StringComparer.OrdinalIgnoreCase))
        {
            output.WriteLine($"{user.Name}\t{user.Account}\t{(user.NtHash is null ? "basic" : "basic,ntlm,credssp")}");
        }

        return 0;
    }

    private static string ReadHidden(string prompt, TextWriter errors)
    {
        _ = Console.KeyAvailable; // the echo is off before anyone can type
        errors.Write(prompt);
        var password = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else
            {
                password.Append(key.KeyChar);
            }
        }

        errors.WriteLine();
        return password.ToString();
    }

    private static string Unknown(UserWords words) => $"there is no user '{words.Name}' in {words.File}";

    private static int Complain(TextWriter errors, string problem, int code)
    {
        errors.WriteLine($"farwired: {problem}.");
        return code;
    }
}
