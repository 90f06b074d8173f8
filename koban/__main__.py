from koban import main

main()
