using Farwire.AspNetCore.Hosting;
using Farwire.Samples.HostedInWebApp;
using Farwire.Shells;
using Microsoft.AspNetCore.Authentication;

var builder = WebApplication.CreateBuilder(args);

// The application authenticates, as it does for its own pages. With a file of users (farwired user add … --nt-hash) WinRM does it in its own way, and seals messages.
var users = builder.Configuration["WSManUsers"];
builder.Services.AddAuthentication("Basic").AddScheme<AuthenticationSchemeOptions, BasicHandler>("Basic", null);
builder.Services.AddAuthorization();

// The service: limits and plug-ins come from the section "WSMan" of the configuration, or from a file with the section of a web.config.
builder.Services
    .AddWSMan(service =>
    {
        service.ConfigurationFile = builder.Configuration["WSManFile"];
        service.ConfigurationSection = "WSMan";
        service.AllowUnencrypted = users is null; // TLS ends before the application
        service.Schemes = users is null ? [] : SealingUsers.In(users);
    })
    .AddPluginShells();

var app = builder.Build();
app.MapGet("/", () => "the site itself");
var wsman = app.MapWSMan("/manage/wsman");
if (users is null)
{
    wsman.RequireAuthorization();
}

app.Run();
