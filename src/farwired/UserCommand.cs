using Farwire.Security.Accounts;

namespace Farwire.Daemon;

/// <summary><c>farwired user</c>: the file of Farwire's own users.</summary>
internal static class UserCommand
{
    public static int Run(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        try
        {
            return args switch
            {
                ["add", var file, var name] => Add(file, name, Environment.UserName, input, output, errors),
                ["add", var file, var name, "--account", var account] => Add(file, name, account, input, output, errors),
                ["remove", var file, var name] => Remove(file, name, errors),
                ["list", var file] => List(file, output),
                _ => Complain(errors, "user takes: add FILE NAME [--account ACCOUNT], remove FILE NAME, or list FILE", 64),
            };
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            return Complain(errors, e.Message.TrimEnd('.'), 65);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Complain(errors, $"{e.Message.TrimEnd('.')}; give a file in a folder that you may write", 78);
        }
    }

    private static int Add(string file, string name, string account, TextReader input, TextWriter output, TextWriter errors)
    {
        if (!Console.IsInputRedirected)
        {
            output.Write($"Password of {name}: ");
        }

        var password = Console.IsInputRedirected ? input.ReadLine() : ReadHidden();
        if (string.IsNullOrEmpty(password))
        {
            return Complain(errors, "the password is empty; write it on standard input", 65);
        }

        UserStore.Open(file).Put(new StoredUser(name, account, PasswordHash.Of(password)));
        return 0;
    }

    private static int Remove(string file, string name, TextWriter errors) =>
        UserStore.Open(file).Remove(name) ? 0 : Complain(errors, $"there is no user '{name}' in {file}", 65);

    private static int List(string file, TextWriter output)
    {
        foreach (var user in UserStore.Open(file).Users.OrderBy(u => u.Name, StringComparer.OrdinalIgnoreCase))
        {
            output.WriteLine($"{user.Name}\t{user.Account}");
        }

        return 0;
    }

    private static string ReadHidden()
    {
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

        Console.WriteLine();
        return password.ToString();
    }

    private static int Complain(TextWriter errors, string problem, int code)
    {
        errors.WriteLine($"farwired: {problem}.");
        return code;
    }
}
