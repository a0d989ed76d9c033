namespace Farwire.Daemon;

internal static class Usage
{
    public const string Text = """
        farwired: the Farwire service, Windows Remote Management for this machine

          farwired run --ephemeral DIR      serve on free loopback ports until SIGTERM or Ctrl-C, with a certificate and
                                            a user made for this run; DIR/connection.json says how to connect
          farwired user add FILE NAME       add a user to the user file, or give a new password (read from standard input)
                       [--account ACCOUNT]  the Unix account the user's work runs as; default: yours
          farwired user remove FILE NAME    remove a user
          farwired user list FILE           list names and accounts
          farwired check                    say what this machine lets the service do
          farwired --version
        """;

    public static string Version => $"farwired {typeof(Usage).Assembly.GetName().Version?.ToString(3)}";
}
