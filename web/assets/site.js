// Puts the site's name on a page, which is the same file everywhere. Without an answer the page does without the name.
try {
  const response = await fetch("/api/site/");
  if (response.ok) {
    const { name } = await response.json();
    document.getElementById("site").textContent = name;
    document.title = `${document.title} – ${name}`;
  }
} catch {
  // The page works without it.
}
