"""`respondby fleet …`: many repositories, one desk."""
