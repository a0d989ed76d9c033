using Farwire.Security;

namespace Farwire.AspNetCore.Hosting;

/// <summary>How a service sits in a web application.</summary>
public sealed class WSManHostOptions
{
    /// <summary>Limits and plug-ins.</summary>
    public WSManSection Section { get; set; } = new();

    /// <summary>A file with the section in it, such as a web.config, read when the application starts; it takes the place of <see cref="Section"/>.</summary>
    public string? ConfigurationFile { get; set; }

    /// <summary>The name of the section in the application's own configuration, read when the application starts, unless there is a file.</summary>
    public string? ConfigurationSection { get; set; }

    /// <summary>
    /// WinRM's own ways to authenticate, on offer beside what the application does. Whom the application has authenticated already is the caller,
    /// without any of them.
    /// </summary>
    public IReadOnlyList<IAuthenticationScheme> Schemes { get; set; } = [];

    /// <summary>Completes whom authentication proved by what the machine knows of the account; null takes the application's account for everybody.</summary>
    public IAccountResolver? Accounts { get; set; }

    /// <summary>Clear text over HTTP is taken: for an application behind something that ends TLS.</summary>
    public bool AllowUnencrypted { get; set; }
}
