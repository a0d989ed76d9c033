using Farwire.AspNetCore.Hosting;
using Farwire.Samples.HostedInWebApp;
using Farwire.Shells;
using Microsoft.AspNetCore.Authentication;

var builder = WebApplication.CreateBuilder(args);

// The application authenticates, as it does for its own pages.
builder.Services.AddAuthentication("Basic").AddScheme<AuthenticationSchemeOptions, BasicHandler>("Basic", null);
builder.Services.AddAuthorization();

// The service: limits and plug-ins come from the section "WSMan" of the configuration, or from a file with the section of a web.config.
builder.Services
    .AddWSMan(service =>
    {
        service.ConfigurationFile = builder.Configuration["WSManFile"];
        service.ConfigurationSection = "WSMan";
        service.AllowUnencrypted = true; // TLS ends before the application
    })
    .AddPluginShells();

var app = builder.Build();
app.MapGet("/", () => "the site itself");
app.MapWSMan("/manage/wsman").RequireAuthorization();
app.Run();
