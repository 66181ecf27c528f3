"""What a meeting needs: asks the data, and hands frames and sentences to reporting/, which writes the files."""
