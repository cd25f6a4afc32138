"""How dates read where no template says so, as in the admin: like the dates of the pages. One module a language."""
